import { posix } from 'node:path';
import { folderOf } from '../../common/path.ts';
import type { BuiltImage } from '../link/images.ts';
import type { Project } from '../link/project.ts';
import type { CommandLine } from '../model/artefacts/base.ts';
import type { ShellFacts } from '../model/artefacts/project.ts';
import type { TextRange } from '../model/document.ts';

/** What runs as the first process of a container, wrappers taken off. */
export interface FirstProcess {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** What starts it without handing over its place: a shell, or a script that is built into the image. */
  readonly under: 'nothing' | 'shell' | 'script';
  /** The script on the way to the program, whether or not it hands over its place. */
  readonly script?: { readonly path: string; readonly facts: ShellFacts };
  /** An init process such as tini stands in front of it. */
  readonly init: 'none' | 'child' | 'group';
  /** Where the command is written. */
  readonly at: TextRange;
  /** The instruction that states it alone; undefined if ENTRYPOINT and CMD share it. */
  readonly only: CommandLine | undefined;
}

const INITS = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init', 'pid1']);
const SHELLS = new Set(['sh', 'bash', 'ash', 'dash']);
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/** The first process of an image; undefined if none is stated or it cannot be told. */
export function firstProcess(project: Project, image: BuiltImage): FirstProcess | undefined {
  const { entrypoint, cmd } = image.stage;
  const parts = [entrypoint, entrypoint?.form === 'shell' ? undefined : cmd].filter(one => one !== undefined);
  const words = parts.flatMap(commandWords);
  const at = cmd && entrypoint?.form !== 'shell' ? cmd : entrypoint;
  if (!at || words.length === 0 || words.some(word => word === null)) return undefined;
  const only = parts.length === 1 ? parts[0] : undefined;
  return resolve(project, image, words as string[], { under: 'nothing', init: 'none', at, only });
}

function commandWords({ form, words }: CommandLine): (string | null)[] {
  return form === 'exec' ? words.map(word => word.value) : ['/bin/sh', '-c', words[0]?.value ?? null];
}

function resolve(
  project: Project,
  image: BuiltImage,
  given: readonly string[],
  known: Omit<FirstProcess, 'words'>,
  depth = 0,
): FirstProcess | undefined {
  let words = [...given];
  let { init } = known;
  while (words.length > 0) {
    const name = baseName(words[0]!);
    if (INITS.has(name)) {
      words.shift();
      init = name === 'dumb-init' ? 'group' : 'child';
      while (words[0]?.startsWith('-')) if (/^-[a-z]*g|^--kill-process-group/.test(words.shift()!)) init = 'group';
    } else if (name === 'env' || ASSIGNMENT.test(words[0]!)) words.shift();
    else if (name === 'exec') words.shift();
    else break;
  }
  const [first] = words;
  if (first === undefined || depth > 4) return undefined;
  const name = baseName(first);
  if (SHELLS.has(name)) {
    const option = words.findIndex(word => /^-[a-z]*c[a-z]*$/.test(word));
    if (option === -1) {
      words = words.slice(1).filter(word => !word.startsWith('-'));
      return words.length ? resolve(project, image, words, { ...known, init }, depth + 1) : undefined;
    }
    const last = lastCommand(words[option + 1] ?? '');
    if (!last) return undefined;
    // Bash hands its place over to a command that stands alone; other shells stay.
    const handsOver = last.exec || (last.single && (name === 'bash' || shellOf(image) === 'bash'));
    return resolve(project, image, last.words, { ...known, init, under: handsOver ? known.under : 'shell' }, depth + 1);
  }
  const script = scriptOf(project, image, first);
  if (script) {
    const { last, hasExec } = script.facts;
    if (!last) return undefined;
    const command = lastCommand(last.value.replace(/^exec\s+/, ''));
    // `exec "$@"` runs what was given as arguments.
    if (/^["']?\$[@*]/.test(command?.words[0] ?? ''))
      return words.length > 1
        ? resolve(project, image, words.slice(1), { ...known, init, script }, depth + 1)
        : undefined;
    if (!command || (hasExec && !last.exec)) return undefined;
    const under = last.exec ? known.under : 'script';
    return resolve(project, image, command.words, { ...known, init, script, under }, depth + 1);
  }
  if (/\.(?:sh|bash)$/.test(first) || /entrypoint/.test(name)) return undefined;
  return { ...known, init, words };
}

/** The command a line of shell ends with; undefined if its words are computed. */
export function lastCommand(line: string): { words: string[]; exec: boolean; single: boolean } | undefined {
  const parts = line.split(/&&|\|\||;|\n/).map(part => part.trim());
  const last = parts.filter(Boolean).at(-1);
  if (
    !last ||
    /&\s*$|[|`]|\$\(|^(?:wait|fi|done|esac|\})\b/.test(last) ||
    parts.some(part => /(?:^|[^&>])&$/.test(part))
  )
    return undefined;
  const words = (last.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(word => word.replace(/^(["'])(.*)\1$/, '$2'));
  while (words[0] && ASSIGNMENT.test(words[0])) words.shift();
  const exec = words[0] === 'exec';
  if (exec) words.shift();
  while (words[0] && ASSIGNMENT.test(words[0])) words.shift();
  return words.length ? { words, exec, single: parts.length === 1 } : undefined;
}

/** The script of the workspace that an image runs, found through what the final stage copies. */
export function scriptOf(
  project: Project,
  { path, stage }: BuiltImage,
  program: string,
): { path: string; facts: ShellFacts } | undefined {
  const target = posix.join('/', stage.workdir ?? '');
  // A bare name is looked up in the folders of PATH.
  const wanted = program.includes('/')
    ? [program.startsWith('/') ? posix.normalize(program) : posix.join(target, program)]
    : ['/usr/local/bin', '/usr/bin', '/bin'].map(folder => `${folder}/${program}`);
  const candidates: string[] = [];
  for (const one of stage.chain) {
    for (const { from, sources, dest } of one.copies) {
      if (from || !dest) continue;
      const into = dest.value.startsWith('/') ? dest.value : posix.join(target, dest.value);
      for (const { value } of sources) {
        const source = value.replace(/^\.\//, '');
        const base = baseName(source);
        if (wanted.some(one => one === posix.normalize(into) || one === posix.join(into, base)))
          candidates.push(source);
        const folder = `${posix.normalize(into).replace(/\/$/, '')}/`;
        for (const one of wanted)
          if (one.startsWith(folder)) candidates.push(posix.join(source, one.slice(folder.length)));
      }
    }
  }
  for (const context of new Set([folderOf(path), ''])) {
    for (const candidate of candidates) {
      const file = posix.join(context, candidate);
      const facts = project.artefacts.get(file);
      if (facts?.kind === 'shell') return { path: file, facts };
    }
  }
  return undefined;
}

function shellOf({ stage }: BuiltImage): string | undefined {
  for (const one of stage.chain)
    for (const { keyword, arguments: given } of one.instructions)
      if (keyword === 'SHELL') return /bash/.test(given?.value ?? '') ? 'bash' : 'other';
  return undefined;
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
