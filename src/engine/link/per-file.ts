import type { Expr, FileFacts, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { factMemo } from './fact-memo.ts';

/**
 * What a file says by itself, read once and kept as long as its facts: an edit elsewhere costs nothing. `read` must
 * depend on nothing but the facts it is given.
 */
export function perFile<T>(read: (facts: FileFacts) => T): (facts: FileFacts) => T {
  const kept = factMemo<FileFacts, { readonly value: T }>();
  return facts => {
    let found = kept.get(facts);
    if (!found) {
      found = { value: read(facts) };
      kept.set(facts, found);
    }
    return found.value;
  };
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
  return facts => seenIn(facts).get(id) ?? [];
}

const seenIn = perFile(({ functions }): ReadonlyMap<number, readonly PlacedExpr[]> => {
  const out = new Map<number, PlacedExpr[]>();
  for (const fn of functions)
    eachExprIn(fn, e => {
      for (const { id, test } of lookouts.get(e.k) ?? []) {
        if (!test(e)) continue;
        const list = out.get(id);
        if (list) list.push({ fn, e });
        else out.set(id, [{ fn, e }]);
      }
    });
  return out;
});
