import type { Reaching } from '../flow/findings.ts';
import { eachExprIn } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Expr, ExprOf, FileFacts, FunctionFact, Pos } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { expressionAt } from '../queries/expression-at.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport, isTaken } from './source-import.ts';
import { edit, quoted } from './source-style.ts';
import { concatenated } from './written-text.ts';

const MODULE = /^(?:node:)?child_process$/;
/** What starts a shell, and what starts the program without one. */
const WITHOUT_SHELL: Readonly<Record<string, string>> = {
  'node:child_process.exec': 'execFile',
  'node:child_process.execSync': 'execFileSync',
};
/** These do something else than a program of their name would, or are none. */
const OF_THE_SHELL = new Set([
  'cd',
  'export',
  'source',
  'set',
  'unset',
  'alias',
  'eval',
  'exec',
  'type',
  'ulimit',
  'trap',
]);
/** Take what follows `--` for names; what git does with them depends on its command. */
const ENDS_OPTIONS = new Set(['tar', 'ssh', 'scp', 'rsync', 'wget', 'grep', 'rm', 'cp', 'mv', 'ls', 'cat', 'ping']);

/** `exec('ping ' + host)` as `execFile('ping', [host])`, where the command holds nothing that only a shell reads. */
export function runProgram(model: Model, { flow: { sink } }: Reaching): FixDraft[] {
  const instead = WITHOUT_SHELL[sink.api];
  const { file } = sink.arg;
  const call = instead === undefined ? undefined : expressionAt(model, sink.call)?.e;
  const facts = model.project.sources.get(file);
  if (instead === undefined || call?.k !== 'call' || !facts || !isLoaded(facts, call.f)) return [];
  const [command, ...rest] = call.a;
  const words = command && wordsOf(command);
  if (!words || rest.some(mayChooseShell)) return [];
  return [
    {
      title: 'Start the program without a shell',
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        const renamed = source === undefined ? undefined : renamedCall(file, source, facts, call, instead);
        if (source === undefined || !renamed) return undefined;
        const [program = [], ...args] = separated(words);
        const list = `[${args.map(word => written(source, word)).join(', ')}]`;
        return {
          edits: [...renamed, edit(file, command.p, `${written(source, program)}, ${list}`)],
          newFiles: [],
        };
      },
    },
  ];
}

/** One word of a command: text and values without a space between them. */
type Word = readonly (string | Expr)[];

/** Undefined where a shell would read more than words, or the program is not known. */
function wordsOf(e: Expr): Word[] | undefined {
  const parts = e.k === 'tpl' && !e.tag ? e.parts : concatenated(e);
  if (!parts) return undefined;
  const words: (string | Expr)[][] = [[]];
  let quote = '';
  for (const part of parts) {
    if (typeof part !== 'string') {
      words.at(-1)!.push(part);
      continue;
    }
    for (const letter of part) {
      if (letter === quote) quote = '';
      else if (!quote && /["']/.test(letter)) quote = letter;
      else if (/[|&;<>()$`\\*?[\]{}!~#\n]/.test(letter)) return undefined;
      else if (!quote && letter === ' ') words.push([]);
      else words.at(-1)!.push(letter);
    }
  }
  const joined = words.filter(word => word.length > 0).map(joinedText);
  const [program] = joined[0] ?? [];
  const isKnown = joined[0]?.length === 1 && typeof program === 'string' && /^[\w./-]+$/.test(program);
  return isKnown && !quote && !OF_THE_SHELL.has(program) ? joined : undefined;
}

function joinedText(word: Word): Word {
  const out: (string | Expr)[] = [];
  for (const part of word) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}

/** `--` in front of the first value that could be an option itself, if only names follow. */
function separated(words: readonly Word[]): Word[] {
  const [program] = words[0] ?? [];
  const first = words.findIndex(([part]) => typeof part !== 'string');
  const rest = words.slice(first);
  const [before] = words[first - 1] ?? [];
  const hasOptions = rest.some(([part]) => typeof part === 'string' && part.startsWith('-'));
  // Behind an option the next word may be its value.
  const isValue = typeof before === 'string' && before.startsWith('-');
  if (first < 1 || isValue || hasOptions || typeof program !== 'string' || !endsOptions(program, words[1]))
    return [...words];
  return words.some(([part]) => part === '--') ? [...words] : [...words.slice(0, first), ['--'], ...rest];
}

function written(source: string, word: Word): string {
  const [first] = word;
  if (word.length > 1 || first === undefined)
    return `\`${word.map(part => (typeof part === 'string' ? part : `\${${source.slice(...part.p)}}`)).join('')}\``;
  if (typeof first === 'string') return quoted(source, first);
  const own = source.slice(...first.p);
  // What a template makes a text of itself may be none.
  return first.k === 'id' || first.k === 'mem' || first.k === 'idx' ? `String(${own})` : own;
}

function mayChooseShell(e: Expr): boolean {
  return e.k === 'obj' ? e.props.some(one => one.k !== 'prop' || one.n === 'shell') : e.k !== 'fn' && e.k !== 'id';
}

function endsOptions(program: string, [second]: Word = []): boolean {
  if (program !== 'git') return ENDS_OPTIONS.has(program);
  return typeof second === 'string' && /^(?:clone|fetch|pull|push|ls-remote)$/.test(second);
}

/** Where the file names the module's own function that a call means; undefined if it was made of it. */
function loadedAs({ imports, functions }: FileFacts, name: string): Pos | undefined {
  const imported = imports.find(one => one.local === name && one.name === name && MODULE.test(one.module));
  if (imported) return imported.p;
  for (const { pat, v } of functions[0]?.body.filter(stmt => stmt.k === 'let') ?? []) {
    const [module] = v?.k === 'call' ? v.a : [];
    if (pat.k !== 'pobj' || module?.k !== 'str' || !MODULE.test(module.v)) continue;
    const own = pat.props.find(one => one.key === name && one.v.k === 'pid' && one.v.n === name);
    if (own) return own.v.p;
  }
  return undefined;
}

function isLoaded(facts: FileFacts, f: Expr): boolean {
  if (f.k !== 'mem' && f.k !== 'id') return false;
  return /^exec(?:Sync)?$/.test(f.n) && (f.k === 'mem' ? f.o.k === 'id' : loadedAs(facts, f.n) !== undefined);
}

function renamedCall(
  file: string,
  source: string,
  facts: FileFacts,
  { f }: ExprOf<'call'>,
  instead: string,
): TextEdit[] | undefined {
  if (f.k === 'mem') return [edit(file, f.np, instead)];
  const place = f.k === 'id' ? loadedAs(facts, f.n) : undefined;
  if (f.k !== 'id' || !place) return undefined;
  // The last use of a name takes it along.
  const isLast = facts.functions.reduce((count, fn) => count + usesOf(fn, f.n), 0) === 1;
  if (isLast && !isTaken(facts, instead)) return [edit(file, place, instead), edit(file, f.p, instead)];
  const module = facts.dependencies.find(one => MODULE.test(one.module))?.module ?? '';
  const known = insertImport(file, source, facts, { module, name: instead });
  return known && [...known.edits, edit(file, f.p, known.local)];
}

function usesOf(fn: FunctionFact, name: string): number {
  let count = 0;
  eachExprIn(fn, e => {
    if (e.k === 'id' && e.n === name) count++;
  });
  return count;
}
