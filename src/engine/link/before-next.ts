import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import { goesOn, nextParam } from './going-on.ts';
import { bodyMemo } from './kept/fact-memo.ts';

interface Before {
  readonly body: readonly Stmt[];
  /** The statement that lets the request go on, and waits for its answer. */
  readonly last: Stmt;
}

const known = bodyMemo<Before | null>();

/**
 * What a step does before it lets the request go on. `await next()` comes back with the answer: what is read, refused or
 * counted after it, or when it fails, keeps nobody out.
 */
export function bodyBeforeNext(fn: FunctionFact): readonly Stmt[] {
  return beforeOf(fn)?.body ?? fn.body;
}

/** Whether an expression stands after that. */
export function isAfterNext(fn: FunctionFact, e: Expr): boolean {
  const before = beforeOf(fn);
  return before !== null && e.p[0] >= before.last.p[1];
}

function beforeOf(fn: FunctionFact): Before | null {
  let before = known.get(fn);
  if (before === undefined) {
    before = cut(fn);
    known.set(fn, before);
  }
  return before;
}

function cut(fn: FunctionFact): Before | null {
  const next = fn.params.length > 1 ? nextParam(fn) : undefined;
  if (!next) return null;
  const awaits = (stmt: Stmt): boolean => {
    const e = stmt.k === 'expr' ? stmt.e : stmt.k === 'let' ? stmt.v : undefined;
    return e?.k === 'await' && e.e.k === 'call' && e.e.a.length === 0 && goesOn(next, e.e.f);
  };
  for (const [position, stmt] of fn.body.entries()) {
    if (awaits(stmt)) return { body: fn.body.slice(0, position + 1), last: stmt };
    const last = stmt.k === 'try' ? stmt.body.find(awaits) : undefined;
    // Where more than going on may fail, what is done about it may be the refusal.
    if (stmt.k === 'try' && last && stmt.body[0] === last) return { body: [...fn.body.slice(0, position), last], last };
  }
  return null;
}
