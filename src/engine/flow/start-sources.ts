import { evaluate } from '../link/evaluate.ts';
import { expressionsWhere, perFile } from '../link/kept/per-file.ts';
import { type ExprOf, type FileFacts, type FunctionFact, GLOBAL } from '../model/facts.ts';
import { MEMBER_SOURCES, RUNS_PROGRAMS } from './models/sources.ts';
import { chosen } from './sources.ts';
import { CLEAN, type Taint } from './taint.ts';
import { textOf, type Walk } from './walk.ts';

/** Members that lead to what whoever starts the program, or an event that starts it, brings along. */
const NAMES = new Set(Object.keys(MEMBER_SOURCES).map(path => path.slice(path.lastIndexOf('.') + 1)));

/** `process.argv`, `process.env`: what a program gets from where it is started. */
export function startSource(walk: Walk, e: ExprOf<'mem' | 'idx'>, name: string): Taint {
  if (e.k !== 'mem' || !NAMES.has(name) || (e.o.k !== 'id' && e.o.k !== 'mem')) return CLEAN;
  if (!mayRun(walk.env.unit.facts)) return CLEAN;
  const value = evaluate(walk.program, walk.env, e);
  const source = value.k === 'api' ? MEMBER_SOURCES[value.path] : undefined;
  return source ? chosen(walk, e.p, source.label, source.part, textOf(e)) : CLEAN;
}

/** Only what may end up in a command is followed: nearly every file reads a variable. */
const mayRun = (facts: FileFacts): boolean => facts.dependencies.some(({ module }) => RUNS_PROGRAMS.test(module));

/** Functions that read such a member, of files that start other programs. */
export const startReaders = perFile((facts: FileFacts): ReadonlySet<FunctionFact> => {
  if (!mayRun(facts)) return NOBODY;
  return new Set(startReads(facts).map(({ fn }) => fn));
});

const NOBODY: ReadonlySet<FunctionFact> = new Set();

const startReads = expressionsWhere(
  ['mem'],
  e =>
    e.k === 'mem' &&
    NAMES.has(e.n) &&
    ((e.o.k === 'id' && (e.o.s !== GLOBAL || e.o.n === 'process')) || e.o.k === 'mem'),
);
