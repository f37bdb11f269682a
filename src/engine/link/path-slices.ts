import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import { eachExpr, eachExprIn, eachStmt, exprsOf } from './env.ts';
import { bodyMemo } from './kept/fact-memo.ts';
import { holdsAt, type Reading } from './path-answers.ts';
import type { Program } from './program.ts';
import { leaves, prune, sliceOf } from './pruned-bodies.ts';
import { isPathKey, isPathMember, isRequestName } from './request-path.ts';
import { staticEnvOf } from './signals.ts';
import type { FuncValue } from './values.ts';

/** By the outcome of the tests in the order they are met, as a text. */
const slices = bodyMemo<Map<string, FunctionFact>>();
const askers = bodyMemo<boolean>();

/**
 * What a step that gets every request does for those to one route: `if (req.url.startsWith('/login')) return` decided,
 * and `if (isOpen(req)) return` too. Undefined if it does not ask, or cannot be decided for this route.
 */
export function forPath(program: Program, func: FuncValue, path: string, method: string): FuncValue | undefined {
  const { fn } = func;
  if (!asksForPath(fn)) return undefined;
  let outcome = '';
  const env = staticEnvOf(program, func);
  const used = new Set<Stmt>();
  const reading: Reading = { program, env, fn, path, method, used, paths: new Set(), depth: 0 };
  const body = prune(fn.body, e => {
    const holds = holdsAt(reading, e);
    outcome += holds === undefined ? '?' : holds ? '+' : '-';
    return holds;
  });
  if (body === fn.body) return undefined;
  const known = slices.get(fn) ?? new Map<string, FunctionFact>();
  slices.set(fn, known);
  const slice = known.get(outcome) ?? { ...fn, body: without(body, used) };
  known.set(outcome, slice);
  return sliceOf(program, func, slice);
}

/** A way out that is known needs nothing of what a helper would look at for other routes, nor what follows it. */
function without(body: readonly Stmt[], used: ReadonlySet<Stmt>): readonly Stmt[] {
  const out: Stmt[] = [];
  for (const stmt of body) {
    if (used.has(stmt) && leaves(body)) continue;
    const inner = stmt.k === 'block' || stmt.k === 'try' ? without(stmt.body, used) : undefined;
    if (!inner || (stmt.k !== 'block' && stmt.k !== 'try')) out.push(stmt);
    else if (stmt.k === 'try' && (!leaves(inner) || inner.some(mayThrow))) out.push({ ...stmt, body: inner });
    else out.push({ k: 'block', body: inner, p: stmt.p });
    const last = out.at(-1);
    if (last?.k === 'block' && leaves(last.body)) break;
  }
  return out;
}

function mayThrow(stmt: Stmt): boolean {
  let found = false;
  eachStmt([stmt], one => {
    if (one.k === 'throw') found = true;
    for (const e of one.k === 'ret' ? [] : exprsOf(one)) eachExpr(e, inner => (found ||= inner.k === 'call'));
  });
  return found;
}

/** Whether some condition looks at the path, or at what a helper says that was given the request or its path. */
function asksForPath(fn: FunctionFact): boolean {
  let known = askers.get(fn);
  if (known === undefined) {
    let looks = false;
    let asks = false;
    eachExprIn(fn, e => {
      looks ||= isPathMember(e) || (e.k === 'call' && e.a.some(handsOnRequest));
    });
    eachStmt(fn.body, stmt => {
      asks ||= stmt.k === 'if';
      if (stmt.k === 'let' && stmt.pat.k === 'pobj') looks ||= stmt.pat.props.some(({ key }) => isPathKey(key));
    });
    known = looks && asks;
    askers.set(fn, known);
  }
  return known;
}

/** `isOpen(req)`, `lookUp({ req, user })`. */
function handsOnRequest(arg: Expr): boolean {
  return arg.k === 'obj' ? arg.props.some(prop => prop.k === 'prop' && isRequestName(prop.v)) : isRequestName(arg);
}
