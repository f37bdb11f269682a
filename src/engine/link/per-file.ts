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

/** The expressions of a file that are worth a closer look, by nothing but what they say themselves. */
export function expressionsWhere(test: (e: Expr) => boolean): (facts: FileFacts) => readonly PlacedExpr[] {
  return perFile(({ functions }) => {
    const out: PlacedExpr[] = [];
    for (const fn of functions)
      eachExprIn(fn, e => {
        if (test(e)) out.push({ fn, e });
      });
    return out;
  });
}
