import { calleesOf } from '../../link/call-index.ts';
import { argumentsOf } from '../../link/calls.ts';
import { blocksOf, createEnv, eachExpr, exprsOf } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import type { RouterEntry } from '../../link/router.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { Env, FuncValue, Value } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Stmt } from '../../model/facts.ts';

/** A function that a router calls and whose rejection nobody receives. */
export interface Unforwarded {
  readonly func: FuncValue;
  readonly entry: RouterEntry;
  /** Range of the first await that stands outside of any try. */
  readonly await: readonly [number, number];
  readonly framework: string;
  readonly version: string;
}

/** Async handlers of frameworks that ignore the promise a handler returns, in the version that is installed. */
export function unforwardedHandlers({ program, project, isJudged }: Model): Unforwarded[] {
  const out = new Map<FunctionFact, Unforwarded>();
  for (const router of program.routers) {
    const adapter = program.adapters.byId(router.framework);
    const first = adapter?.forwardsRejectionsFrom;
    const [name] = adapter?.packages ?? [];
    if (!adapter || first === undefined || name === undefined) continue;
    for (const entry of router.entries) {
      const { file } = entry.span;
      if (!isJudged(file) || (adapter.forwardedBy ?? []).some(patch => project.dependsOn(file, patch))) continue;
      const version = project.versionOf(file, name);
      if (version === undefined || Number.parseInt(version, 10) >= first) continue;
      for (const handler of entry.handlers) {
        const func = asyncFunction(handler);
        const at = func && firstLooseAwait(program, staticEnvOf(program, func), func.fn.body, 0);
        if (func && at && !out.has(func.fn))
          out.set(func.fn, { func, entry, await: at, framework: adapter.title, version });
      }
    }
  }
  return [...out.values()];
}

function asyncFunction(value: Value): FuncValue | undefined {
  return value.k === 'func' && value.fn.async ? value : undefined;
}

/** The first await whose failure leaves the function. */
function firstLooseAwait(
  program: Program,
  env: Env,
  body: readonly Stmt[],
  depth: number,
): readonly [number, number] | undefined {
  for (const stmt of body) {
    for (const e of exprsOf(stmt)) {
      let found: readonly [number, number] | undefined;
      eachExpr(e, one => {
        if (one.k === 'await' && !found && !catches(one.e) && !settles(program, env, one.e, depth)) found = one.p;
      });
      if (found) return found;
    }
    // What a handler tidies up comes behind its answer, or behind what its `catch` did about it.
    const tidies = depth === 0 ? [] : stmt.k === 'try' ? [stmt.fin ?? []] : [];
    const blocks = stmt.k === 'try' && stmt.handler ? tidies : blocksOf(stmt);
    for (const block of blocks) {
      const found = firstLooseAwait(program, env, block, depth);
      if (found) return found;
    }
  }
  return undefined;
}

/** Functions looked into, one behind the other. */
const DEPTH = 3;

/** A call of the project's own functions, each of which deals with what can fail in it. */
function settles(program: Program, env: Env, e: Expr, depth: number): boolean {
  if (e.k !== 'call' || e.new || depth >= DEPTH) return false;
  const callees = calleesOf(program, env, made(e));
  if (callees.length > 0 && callees.every(({ fn }) => isResult(fn))) return true;
  if (made(e) !== e) return false;
  return (
    callees.length > 0 &&
    callees.every(callee => {
      program.cells.read(callee.fn);
      const own = envGiven(program, env, e, callee);
      return callee.fn.async === true && !throws(program, own, callee.fn.body, depth + 1);
    })
  );
}

/** What `result().andThen(…).mapErr(…)` begins with: each step gives such a result again. */
function made(e: ExprOf<'call'>): ExprOf<'call'> {
  const { f } = e;
  return f.k === 'mem' && f.o.k === 'call' && STEPS.has(f.n) ? made(f.o) : e;
}

const STEPS = new Set(['andThen', 'andTee', 'map', 'mapErr', 'orElse', 'orTee']);

/** Failures are values of what it gives, by its declared type; that promise is never rejected. */
function isResult({ ret }: FunctionFact): boolean {
  return ret?.n === 'ResultAsync';
}

/** The callee's names with what this call gives them: `send(new Agent())` runs the method of that class. */
function envGiven(program: Program, env: Env, call: ExprOf<'call'>, callee: FuncValue): Env {
  const base = staticEnvOf(program, callee);
  const own = createEnv(base.unit, callee.fn, base.parent, true, callee.self);
  argumentsOf(program, env, call.a).forEach((value, position) => {
    if (value.k === 'instance') own.vars.set(`#${position}`, value);
  });
  return own;
}

/** Something outside of any `try` is thrown, awaited without an end of its own, or returned to be awaited. */
function throws(program: Program, env: Env, body: readonly Stmt[], depth: number): boolean {
  return (
    firstLooseAwait(program, env, body, depth) !== undefined ||
    body.some(stmt => {
      if (stmt.k === 'throw') return true;
      if (stmt.k === 'ret' && stmt.e?.k === 'call') return !settles(program, env, stmt.e, depth);
      const blocks = stmt.k === 'try' && stmt.handler ? [stmt.handler, stmt.fin ?? []] : blocksOf(stmt);
      return blocks.some(block => throws(program, env, block, depth));
    })
  );
}

/** `await work().catch(…)`. */
function catches(e: { readonly k: string; readonly f?: unknown }): boolean {
  const f = e.k === 'call' ? (e.f as { k: string; n?: string }) : undefined;
  return f?.k === 'mem' && f.n === 'catch';
}
