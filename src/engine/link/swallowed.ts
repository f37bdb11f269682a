import type { Expr, FunctionFact, Pos, Stmt } from '../model/facts.ts';
import { eachStmt } from './env.ts';
import { bodyMemo } from './kept/fact-memo.ts';

const tries = bodyMemo<readonly Pos[]>();

/** Whether a call stands in a `try` that goes on as if nothing had been, whatever the call throws. */
export function isSwallowed(fn: FunctionFact, { p }: Expr): boolean {
  let known = tries.get(fn);
  if (!known) {
    const found: Pos[] = [];
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'try' && stmt.handler && stmt.handler.every(isLogLine) && stmt.body.length > 0)
        found.push([stmt.body[0]!.p[0], stmt.body.at(-1)!.p[1]]);
    });
    known = found;
    tries.set(fn, known);
  }
  return known.some(([start, end]) => start <= p[0] && p[1] <= end);
}

export function isLogLine(stmt: Stmt): boolean {
  return stmt.k === 'expr' && stmt.e.k === 'call' && isLogMethod(stmt.e.f);
}

/** `console.log`, `logger.warn`: what is called to write a line. */
export function isLogMethod(f: Expr): boolean {
  return f.k === 'mem' && LOGS.test(f.n);
}

const LOGS = /^(?:debug|error|info|log|trace|warn)$/;
