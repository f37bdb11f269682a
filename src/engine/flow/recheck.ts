import type { Doubt } from '../link/kept/cells.ts';
import type { Program } from '../link/program.ts';
import type { EntryRun } from './entry-run.ts';
import { type Entry, isGivenAlike, isSameSet } from './kept.ts';
import { saysSame } from './same-data.ts';

/**
 * Summaries of functions that an edit concerns are worked out anew, on trial: where one says what it said before, those
 * who call the function are left alone. Whether all of them do.
 */
export function recheckEntries(program: Program, tryOut: () => EntryRun): boolean {
  const { cells } = program;
  let areSame = true;
  cells.outOfOrder(() => {
    for (let doubts = cells.takeDoubts('flow'); doubts.length > 0; doubts = cells.takeDoubts('flow'))
      if (!settleAll(program, doubts, tryOut())) areSame = false;
  });
  return areSame;
}

function settleAll(program: Program, doubts: readonly Doubt[], run: EntryRun): boolean {
  const olds = doubts.map(({ memory, key }) => {
    const own = memory as Map<unknown, Entry>;
    const old = own.get(key);
    own.delete(key);
    return { own, old };
  });
  for (const { old } of olds) if (old && !run.memo.get(old.func.fn)?.has(old.key)) run.compute(old, old.key);
  const same = new Map<Entry, Entry>();
  for (const [at, { own, old }] of olds.entries()) {
    const now = old && own.get(old.key);
    // Where functions call one another in a circle, it matters which of them is asked first.
    if (old && now && !doubts[at]!.isCircular() && isSameEntry(program, old, now)) same.set(now, old);
  }
  // Callers that stand know the old ones, which lead on to what is kept now.
  for (const { log } of run.computed)
    for (const [at, one] of log.entries())
      if ('entry' in one && same.has(one.entry)) log[at] = { ...one, entry: same.get(one.entry)! };
  for (const [now, old] of same) old.log.splice(0, old.log.length, ...now.log);
  for (const [at, { own, old }] of olds.entries()) {
    const now = old && own.get(old.key);
    const isSame = now !== undefined && same.has(now);
    if (isSame) own.set(old!.key, old!);
    else if (doubts[at]!.isCircular()) own.delete(doubts[at]!.key);
    doubts[at]!.settle(isSame);
  }
  return same.size === doubts.length;
}

/** `pairs`: entries that are taken for the same, because they are being compared. */
function isSameEntry(program: Program, a: Entry, b: Entry, pairs: ReadonlyMap<Entry, Entry> = new Map()): boolean {
  if (pairs.get(a) === b) return true;
  const next = new Map(pairs).set(a, b);
  return (
    isSameSet(a.checked, b.checked) &&
    a.log.length === b.log.length &&
    saysSame(a.summary, b.summary) &&
    a.log.every((one, at) => isSameStep(program, one, b.log[at]!, next))
  );
}

type Called = Extract<Step, { entry: Entry }>;
type Step = Entry['log'][number];

function isSameStep(program: Program, a: Step, b: Step, pairs: ReadonlyMap<Entry, Entry>): boolean {
  if (!('entry' in a) || !('entry' in b)) return !('entry' in a) && !('entry' in b) && saysSame(a, b);
  return (
    a.func.fn === b.func.fn &&
    isGivenAlike(program, a, b) &&
    (a.entry.key === b.entry.key || isSameClosure(program, a, b, pairs))
  );
}

/** Every look at a function makes its variables anew, and what is written in it is called among those. */
function isSameClosure(program: Program, a: Called, b: Called, pairs: ReadonlyMap<Entry, Entry>): boolean {
  const isOfWalk = ({ func: { env } }: Called): boolean => env.isStatic && env !== program.staticEnv(env.unit, env.fn);
  return a.func.env.fn === b.func.env.fn && isOfWalk(a) && isOfWalk(b) && isSameEntry(program, a.entry, b.entry, pairs);
}
