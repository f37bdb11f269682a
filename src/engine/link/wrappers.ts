import type { Expr, ExprOf, FunctionFact, Stmt } from '../model/facts.ts';
import { callsIn } from './call-index.ts';
import { identity } from './call-key.ts';
import { argumentsOf } from './calls.ts';
import { pathTo } from './declared.ts';
import { createEnv, eachExpr, eachStmt, innerFunctions } from './env.ts';
import { reading } from './kept/reads.ts';
import type { Program } from './program.ts';
import type { Env, FuncValue, Value } from './values.ts';

const LAYERS = 6;

/** A function that runs another one it was given when it was made: `asyncHandler(fn)`, `withAuth(fn)`. */
export interface Wrapping {
  readonly wrapped: FuncValue;
  /** The call that lets the request go on. */
  readonly call: ExprOf<'call'> & { readonly f: ExprOf<'id'> };
  /** The function the call stands in: the wrapper, or a callback written in it. */
  readonly within: FunctionFact;
}

export function wrappingOf(func: FuncValue): Wrapping | undefined {
  const { fn, env } = func;
  if (fn.parent <= 0 || env.fn.id !== fn.parent || env.isStatic) return undefined;
  const { functions } = env.unit.facts;
  let last: Wrapping | undefined;
  for (const within of [fn, ...functions.filter(inner => inner.parent === fn.id)]) {
    const returned = namesReturned(within.body);
    for (const { call } of callsIn(within)) {
      if (!isCaptured(call, env) || !call.a.some(arg => isOwn(arg, [fn, within]))) continue;
      const wrapped = env.vars.get(call.f.n);
      if (wrapped?.k !== 'func' || wrapped.fn === fn) continue;
      const found: Wrapping = { wrapped, call, within };
      // Of several functions that are given the request, the one whose answer is passed back is the handler.
      if (isReturned(within.body, call, returned)) return found;
      last = found;
    }
  }
  return last;
}

/**
 * Which functions a closure was made with and runs beside the one it wraps: `withMiddleware(handler, ofUser)`. What it
 * does is theirs to say, so closures of one function differ by it; undefined where there are none.
 */
export function capturedSteps(func: FuncValue): string | undefined {
  const { fn, env } = func;
  if (fn.parent <= 0 || env.fn.id !== fn.parent || env.isStatic || env.fn.params.length === 0) return undefined;
  const wrapped = wrappingOf(func)?.call.f.n;
  const names = new Set<string>();
  for (const within of [fn, ...innerFunctions(env.unit.facts, fn)])
    for (const { call } of callsIn(within)) if (isCaptured(call, env) && call.f.n !== wrapped) names.add(call.f.n);
  if (names.size === 0) return undefined;
  const steps = [...names].map(name => {
    const value = env.vars.get(name);
    return value?.k === 'func' ? identity(value.fn) : '-';
  });
  return `${identity(fn)} ${steps.join(' ')}`;
}

/** The same at start-up; an edit that makes the wrapper run something else, or otherwise, is no local change. */
export function settledWrapping(program: Program, func: FuncValue): Wrapping | undefined {
  const found = program.cells.isSettled ? wrappingOf(func) : reading(undefined, () => wrappingOf(func));
  const { fn, env } = func;
  if (fn.parent !== env.fn.id || env.isStatic) return found;
  const holds = (): boolean => {
    const now = wrappingOf(func);
    return now?.wrapped === found?.wrapped && now?.call === found?.call;
  };
  for (const one of [fn, ...innerFunctions(env.unit.facts, fn)]) program.cells.expect(one, holds);
  return found;
}

export function wrappedBy(func: FuncValue): FuncValue | undefined {
  return wrappingOf(func)?.wrapped;
}

/** What a registered value is made of: wrappers from the outside in, and the handler they run in the end. */
export interface Layers {
  readonly wrappers: readonly Value[];
  readonly handler: FuncValue | undefined;
}

export function layersOf(value: Value | undefined): Layers {
  const wrappers: Value[] = [];
  let at = value;
  for (let depth = 0; depth < LAYERS; depth++) {
    const inner: Value | undefined =
      at?.k === 'func' ? wrappedBy(at) : at?.k === 'api' ? at.made?.args.find(arg => arg.k === 'func') : undefined;
    if (!inner) break;
    wrappers.push(at!);
    at = inner;
  }
  return { wrappers, handler: at?.k === 'func' ? at : undefined };
}

/** What a wrapper calls the wrapped function with; undefined where it hands on what it got itself. */
export function handedOn(program: Program, func: FuncValue, { call, within }: Wrapping): readonly Value[] | undefined {
  const own = createEnv(func.env.unit, func.fn, func.env, true, func.self);
  const env = within === func.fn ? own : createEnv(func.env.unit, within, own, true, func.self);
  const args = argumentsOf(program, env, call.a);
  return args[0] && args[0].k !== 'unknown' && args[0].k !== 'param' ? args : undefined;
}

/** A call of a parameter of the function that made the wrapper. */
function isCaptured(call: ExprOf<'call'>, { fn }: Env): call is Wrapping['call'] {
  const { f } = call;
  return f.k === 'id' && f.s === fn.id && fn.params.some(({ pat }) => pathTo(pat, f.n));
}

/** Whether an argument hands on something of the wrapper's own: its request, or an object of what it found. */
function isOwn(argument: Expr, owners: readonly FunctionFact[]): boolean {
  switch (argument.k) {
    case 'spread':
    case 'as':
    case 'await':
      return isOwn(argument.e, owners);
    case 'id':
      return owners.some(({ id }) => id === argument.s);
    case 'mem':
      return isOwn(argument.o, owners);
    case 'obj':
      return argument.props.some(prop => isOwn(prop.v, owners));
    default:
      return false;
  }
}

/** Names that are the answer, but for those handed back only if they are one: `if (found instanceof Response) return found`. */
function namesReturned(body: readonly Stmt[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const count = (stmt: Stmt, by: number, among?: ReadonlySet<string>): void => {
    if (stmt.k !== 'ret' || stmt.e?.k !== 'id' || among?.has(stmt.e.n) === false) return;
    counts.set(stmt.e.n, (counts.get(stmt.e.n) ?? 0) + by);
  };
  eachStmt(body, stmt => {
    count(stmt, 1);
    if (stmt.k !== 'if') return;
    const tested = new Set<string>();
    eachExpr(stmt.t, e => {
      if (e.k === 'id') tested.add(e.n);
    });
    for (const inner of stmt.a) {
      count(inner, -1, tested);
      if (inner.k === 'block') for (const one of inner.body) count(one, -1, tested);
    }
  });
  return new Set([...counts].flatMap(([name, times]) => (times > 0 ? [name] : [])));
}

function isReturned(body: readonly Stmt[], call: Expr, names: ReadonlySet<string>): boolean {
  let found = false;
  eachStmt(body, stmt => {
    const e =
      stmt.k === 'ret'
        ? stmt.e
        : stmt.k === 'let' && stmt.pat.k === 'pid' && names.has(stmt.pat.n)
          ? stmt.v
          : undefined;
    if (e && plain(e) === call) found = true;
  });
  return found;
}

function plain(e: Expr): Expr {
  return e.k === 'await' || e.k === 'as' ? plain(e.e) : e;
}
