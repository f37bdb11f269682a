import { callsIn } from '../../link/call-index.ts';
import { blocksOf, eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import { type Expr, type FunctionFact, GLOBAL, type Pos, type Stmt } from '../../model/facts.ts';

export type TryStmt = Stmt & { readonly k: 'try' };

/** What a `catch` does with the error. */
export interface Catch {
  readonly stmt: TryStmt;
  /** `nothing`: an empty block; `success`: answers as if all were well; `replaced`: throws an error without its cause. */
  readonly ends: 'nothing' | 'success' | 'replaced' | 'other';
}

/** Names of work that may fail without anybody caring. */
const BEST_EFFORT =
  /cache|clean|unlink|close|dispose|destroy|disconnect|teardown|shutdown|invalidate|evict|prefetch|warm|cancel|unbind|log_?out|best_?effort|optional|ignore|silent|safe|try|attempt|abort|kill|release|unsubscribe|metric|analytic|telemetry|track|ping|health|rollback|remove_?temp|tmp/i;
/** Calls whose failure is an answer. */
const PROBES =
  /^(?:parse|parseInt|json|JSON|URL|RegExp|BigInt|decode\w*|atob|require|resolve\w*|lookup|import|access\w*|stat\w*|exists\w*|verify\w*|decrypt\w*|is[A-Z]\w*|has[A-Z]\w*|validate\w*|test|compile|format\w*|readlink\w*|unlink\w*|rm\w*|rmdir\w*|mkdir\w*|toISOString|structuredClone|compare\w*|matches)$/;
const DISCRIMINATES = /^(?:code|name|status|statusCode|errno|message|type|kind|constructor|response|cause)$/;

/** Every `catch` of a function whose error goes nowhere, best-effort work left out. */
export const swallowingCatches = perFunction((fn): readonly Catch[] => {
  const out: Catch[] = [];
  const told: Pos[] = [];
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'try' && stmt.handler && usesError(stmt)) told.push(...stmt.handler.map(({ p }) => p));
    // `for (const step of cleanupSteps)`
    if (stmt.k === 'loop' && stmt.of && (stmt.of.k === 'id' || stmt.of.k === 'mem') && BEST_EFFORT.test(stmt.of.n))
      told.push(...stmt.body.map(({ p }) => p));
  });
  const last = fn.body.at(-1);
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'try' || !stmt.handler || stmt.commented) return;
    // Clearing up after an error that is told does not hide one.
    if (told.some(([start, end]) => start <= stmt.p[0] && stmt.p[1] <= end)) return;
    // Whatever failed, the function ends with an error of its own.
    if (last?.k === 'throw' && fn.body.at(-2) === stmt) return;
    const ends = endOf(stmt.handler);
    if (ends === 'other' || usesError(stmt) || !worthKnowing(stmt) || BEST_EFFORT.test(fn.name)) return;
    out.push({ stmt, ends });
  });
  return out;
});

function endOf(handler: readonly Stmt[]): Catch['ends'] {
  if (handler.length === 0) return 'nothing';
  const last = handler.at(-1)!;
  if (handler.length === 1 && last.k === 'throw' && isBareError(last.e)) return 'replaced';
  if (handler.length > 1 || last.k !== 'ret') return 'other';
  return last.e && isSuccess(last.e) ? 'success' : 'other';
}

/** `new Error('x')` of the language's own, which could take a cause. */
function isBareError(e: Expr): boolean {
  if (e.k !== 'call' || e.f.k !== 'id' || e.f.s !== GLOBAL || e.a.length !== 1) return false;
  return /^(?:Range|Type)?Error$/.test(e.f.n) && (e.a[0]!.k === 'str' || e.a[0]!.k === 'tpl');
}

/** `return []`, `return true`, `return {}`: nothing tells the caller that it failed. */
function isSuccess(e: Expr): boolean {
  if (e.k === 'arr') return e.e.length === 0;
  if (e.k === 'bool') return e.v;
  return e.k === 'obj' && e.props.length === 0;
}

/** The handler looks at the error, or passes it on. */
function usesError({ param, handler }: TryStmt): boolean {
  if (param?.k !== 'pid') return param !== undefined;
  let used = false;
  eachStmt(handler!, stmt => {
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'id' && one.n === param.n) used = true;
        if (one.k === 'mem' && DISCRIMINATES.test(one.n)) used = true;
      });
  });
  return used;
}

/** Something that matters can fail in it: an awaited call that is neither a probe nor best effort. */
function worthKnowing({ body }: TryStmt): boolean {
  let awaited = false;
  let isProbe = false;
  const look = (e: Expr): void => {
    eachExpr(e, one => {
      if (one.k === 'await') awaited = true;
      if (one.k !== 'call') return;
      const name = one.f.k === 'mem' || one.f.k === 'id' ? one.f.n : '';
      const owner = one.f.k === 'mem' && (one.f.o.k === 'id' || one.f.o.k === 'mem') ? one.f.o.n : '';
      // Parts of what is sent, not work of their own.
      if (owner === 'AbortSignal' || name === 'stringify') return;
      if (PROBES.test(name) || PROBES.test(owner) || BEST_EFFORT.test(name) || BEST_EFFORT.test(owner)) isProbe = true;
    });
  };
  const walk = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      exprsOf(stmt).forEach(look);
      blocksOf(stmt).forEach(walk);
    }
  };
  walk(body);
  return awaited && !isProbe;
}

/** Whether a function does nothing at all: `() => {}`. */
export function isNoop(fn: FunctionFact | undefined): boolean {
  return fn !== undefined && fn.body.length === 0 && callsIn(fn).length === 0;
}
