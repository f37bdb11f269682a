import type { Expr, FileFacts, FunctionFact } from '../../model/facts.ts';
import { defaultExport, eachExpr, eachExprIn } from '../env.ts';
import { isAlike } from './alike.ts';
import { noteFile, type Reread, reading } from './reads.ts';

interface PerFile {
  readonly kept: WeakMap<FileFacts, { readonly value: unknown }>;
  ask(facts: FileFacts): unknown;
}

const all: PerFile[] = [];

/**
 * What a file says by itself, read once and kept as long as its facts: an edit elsewhere costs nothing. `read` must
 * depend on nothing but the facts it is given.
 */
export function perFile<T>(read: (facts: FileFacts) => T): (facts: FileFacts) => T {
  const kept = new WeakMap<FileFacts, { readonly value: T }>();
  const ask = (facts: FileFacts): T => {
    noteFile(own, facts);
    let found = kept.get(facts);
    if (!found) {
      // Whoever asks depends on the outcome, not on all that was looked at for it.
      found = { value: reading(undefined, () => read(facts)) };
      kept.set(facts, found);
    }
    return found.value;
  };
  const own: PerFile = { kept, ask };
  all.push(own);
  return ask;
}

/** Reads files anew whose bodies changed in place; gives what says something else since, as `noteFile` calls it. */
export function rereadFiles(changed: readonly FileFacts[]): Reread[] {
  const before = all.flatMap(own =>
    changed.flatMap(facts => {
      const found = own.kept.get(facts);
      own.kept.delete(facts);
      return found ? [{ own, facts, found }] : [];
    }),
  );
  return before
    .filter(({ own, facts, found }) => !isAlike(found.value, own.ask(facts)))
    .map(({ own, facts }) => ({ memory: own, facts }));
}

/**
 * What the bodies of functions say by themselves, function by function. Whoever asks looks into no body but his own
 * candidates': an edit that adds none is no concern of his. `read` must depend on nothing but the function.
 */
export function perFunction<T>(
  read: (fn: FunctionFact) => readonly T[],
): (facts: FileFacts, fn: FunctionFact) => readonly T[] {
  const lists = perFile(({ functions }) => {
    const out = new Map<FunctionFact, readonly T[]>();
    for (const fn of functions) {
      const list = read(fn);
      if (list.length > 0) out.set(fn, list);
    }
    return out;
  });
  return (facts, fn) => lists(facts).get(fn) ?? [];
}

/** An expression with the function whose body it stands in. */
export interface PlacedExpr {
  readonly fn: FunctionFact;
  readonly e: Expr;
}

interface Lookout {
  readonly id: number;
  readonly test: (e: Expr) => boolean;
}

/** Who looks for expressions of a kind. Only module code adds to them, before any file is read. */
const lookouts = new Map<Expr['k'], Lookout[]>();
let count = 0;

/**
 * The expressions of a file that are worth a closer look, by nothing but what they say themselves. All who ask share
 * one walk over the file, so they say which kinds they want.
 */
export function expressionsWhere(
  kinds: readonly Expr['k'][],
  test: (e: Expr) => boolean,
): (facts: FileFacts) => readonly PlacedExpr[] {
  const id = count++;
  for (const kind of kinds) {
    const list = lookouts.get(kind);
    if (list) list.push({ id, test });
    else lookouts.set(kind, [{ id, test }]);
  }
  return perFile(facts => seenIn(facts).get(id) ?? NOTHING);
}

const NOTHING: readonly PlacedExpr[] = [];

const seenIn = perFile((facts): ReadonlyMap<number, readonly PlacedExpr[]> => {
  const out = new Map<number, PlacedExpr[]>();
  const look = (fn: FunctionFact, e: Expr): void => {
    for (const { id, test } of lookouts.get(e.k) ?? []) {
      if (!test(e)) continue;
      const list = out.get(id);
      if (list) list.push({ fn, e });
      else out.set(id, [{ fn, e }]);
    }
  };
  for (const fn of facts.functions) eachExprIn(fn, e => look(fn, e));
  const given = defaultExport(facts);
  if (given) eachExpr(given, e => look(facts.functions[0]!, e));
  return out;
});
