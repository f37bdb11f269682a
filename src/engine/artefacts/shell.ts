import type { ShellFacts } from '../model/artefacts/project.ts';
import type { Located } from '../model/document.ts';
import { type ArtefactReader, hasExtension } from './reader.ts';
import { record } from './tree/record.ts';

type Command = ShellFacts['commands'][number];

const OPENING = /^(?:if|for|while|until|case|select)\b|(?:^|\s)(?:\(\)\s*)?\{$|^\($/;
const CLOSING = /^(?:fi|done|esac|\}|\))\s*(?:[;&|<>].*)?$/;
const MIDDLE = /^(?:then|else|do|;;|elif\b.*)$/;
const FUNCTION = /^(?:function\s+[\w:-]+\s*(?:\(\))?|[\w:-]+\s*\(\))\s*\{?/;

/** Reads just as much of a shell script as tells what PID 1 ends up with; it is no shell parser. */
export const shell: ArtefactReader<'shell'> = {
  kind: 'shell',

  matches: (path, head) => hasExtension(path, 'sh', 'bash') || /^\s*#!.*\b(?:ba|da|a|k|z)?sh\b/.test(head),

  read(_path, text) {
    const commands: Command[] = [];
    let depth = 0;
    let functionDepth = 0;
    let announced = false;
    let last: Command | undefined;
    for (const line of logicalLines(text)) {
      const value = line.value.trim().replace(/\s+#.*$/, '');
      // The brace of a function may stand on the next line.
      const opensFunction: boolean = FUNCTION.test(value) || (announced && value === '{');
      announced = opensFunction && !value.includes('{');
      if (CLOSING.test(value)) {
        depth = Math.max(0, depth - 1);
        if (functionDepth > depth) functionDepth = 0;
        continue;
      }
      if (MIDDLE.test(value)) continue;
      const start = line.start + line.value.indexOf(line.value.trim());
      // `trap 'x' EXIT; exec y` on one line: what runs last decides.
      const tail = value
        .split(/;|&&|\|\|/)
        .at(-1)!
        .trim()
        .replace(/^(?:then|else|do)\s+/, '');
      const oneLine = /\b(?:fi|done|esac)\s*;?$|\}$/.test(value);
      if (!opensFunction) {
        const command: Command = {
          value,
          start,
          end: line.joined ? line.end : start + value.length,
          exec: /^exec\s+[^\d<>&]/.test(tail) || (/(?:^|[;&|]\s*|\bthen\s+)exec\s+[^\d<>&]/.test(value) && oneLine),
          background: /(?:^|[^&>])&$/.test(value),
          depth,
        };
        commands.push(command);
        if (functionDepth === 0 && !command.background && !OPENING.test(value)) last = command;
      }
      if ((opensFunction ? /\{$/.test(value) : OPENING.test(value)) && !oneLine) {
        depth++;
        if (opensFunction && functionDepth === 0) functionDepth = depth;
      }
    }
    const [prefix = '', interpreter] = /^\n?#![ \t]*(\S[^\r\n]*)/.exec(text) ?? [];
    return record<ShellFacts>({
      kind: 'shell',
      problems: [],
      interpreter: interpreter ? located(interpreter, prefix.indexOf(interpreter)) : undefined,
      commands,
      last: last && { value: last.value, start: last.start, end: last.end, exec: last.exec },
      hasExec: commands.some(command => command.exec),
    });
  },
};

function located(value: string, start: number): Located {
  return { value, start, end: start + value.length };
}

interface Line {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly joined: boolean;
}

/** Lines that are neither empty nor comments nor text of a here-document, with continued lines joined. */
function* logicalLines(text: string): Generator<Line> {
  let start = -1;
  let joined = '';
  let end = 0;
  let heredoc = '';
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    const line = match[1] ?? '';
    if (heredoc) {
      if (line.trim() === heredoc) heredoc = '';
      continue;
    }
    if (start < 0 && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    if (start < 0) start = match.index;
    heredoc = /<<-?\s*["']?(\w+)["']?/.exec(line)?.[1] ?? '';
    end = match.index + line.trimEnd().length;
    if (/(?:^|[^\\])\\$/.test(line)) {
      joined += `${line.slice(0, -1)} `;
      continue;
    }
    yield { value: joined + line, start, end, joined: joined !== '' };
    start = -1;
    joined = '';
  }
  if (start >= 0 && joined.trim()) yield { value: joined, start, end, joined: true };
}
