import type { Expr, ExprOf, Stmt } from '../model/facts.ts';
import { callBuiltin } from './builtins.ts';
import { itemsOf, newCollection } from './collections.ts';
import { createEnv } from './env.ts';
import { elementOf, evaluate } from './evaluate.ts';
import { member } from './members.ts';
import type { Program } from './program.ts';
import type { RouterObject } from './router.ts';
import {
  alternatives,
  type Env,
  type FuncValue,
  type ObjectValue,
  stringOf,
  UNKNOWN,
  union,
  type Value,
  type ValueOf,
} from './values.ts';

/** Evaluates a call's arguments, spreads of known arrays laid out. */
export function argumentsOf(program: Program, env: Env, args: readonly Expr[]): Value[] {
  const out: Value[] = [];
  for (const argument of args) {
    if (argument.k !== 'spread') {
      out.push(evaluate(program, env, argument));
      continue;
    }
    const spread = itemsOf(evaluate(program, env, argument.e));
    if (spread) out.push(...spread.items);
    else out.push(UNKNOWN);
  }
  return out;
}

export function call(program: Program, env: Env, e: ExprOf<'call'>): Value {
  const { f } = e;
  if (f.k === 'super') return program.superCall(env, e);
  // The receiver is worked out once: running it twice would repeat its effects, and double at every link of a chain.
  if (f.k === 'mem' && f.o.k !== 'super') {
    const receivers = alternatives(evaluate(program, env, f.o));
    const results = receivers.map(receiver => callMethod(program, env, e, receiver, f.n));
    return results.length === 1 ? results[0]! : union(results);
  }
  if (f.k === 'idx') return callComputed(program, env, e, f);
  const callees = alternatives(evaluate(program, env, f));
  const results = callees.map(callee => callOne(program, env, e, callee));
  return results.length === 1 ? results[0]! : union(results);
}

/** `router[method](path, handler)`: one route for each method it may be, or any method if that cannot be told. */
function callComputed(program: Program, env: Env, e: ExprOf<'call'>, { o, i }: ExprOf<'idx'>): Value {
  const target = evaluate(program, env, o);
  const key = evaluate(program, env, i);
  const results = alternatives(target).flatMap(receiver => {
    if (receiver.k !== 'router')
      return alternatives(elementOf(program, receiver, key)).map(callee => callOne(program, env, e, callee));
    const names = alternatives(key).map(stringOf);
    return names.map(name =>
      name === undefined ? byAnyMethod(program, env, e, receiver) : callMethod(program, env, e, receiver, name),
    );
  });
  return results.length === 1 ? results[0]! : union(results);
}

function byAnyMethod(program: Program, env: Env, e: ExprOf<'call'>, receiver: ValueOf<'router'>): Value {
  const { entries } = receiver.router;
  const before = entries.length;
  const result = callMethod(program, env, e, receiver, 'all');
  for (const [at, entry] of entries.entries())
    if (at >= before && entry.k === 'route') entries[at] = { ...entry, partial: 'the method is computed' };
  return result;
}

function callMethod(program: Program, env: Env, e: ExprOf<'call'>, receiver: Value, method: string): Value {
  if (receiver.k === 'router') {
    const own = addedTo(receiver.router, method);
    if (own?.k === 'func') return program.callFunction(own, argumentsOf(program, env, e.a), env, e);
    return program.routerCall(env, e, receiver.router, method);
  }
  const builtin = callBuiltin(program, env, e, receiver, method);
  if (builtin) return builtin;
  const callees = alternatives(member(program, receiver, method));
  const results = callees.map(callee => callOne(program, env, e, callee));
  return results.length === 1 ? results[0]! : union(results);
}

function callOne(program: Program, env: Env, e: ExprOf<'call'>, callee: Value): Value {
  if (callee.k === 'func' && e.new) return byFunction(program, env, e, callee);
  if (callee.k === 'func') return program.callFunction(callee, argumentsOf(program, env, e.a), env, e);
  if (callee.k === 'class' && e.new) return program.construct(callee, argumentsOf(program, env, e.a), env, e);
  if (callee.k === 'api') {
    const collection = newCollection(program, env, callee, e);
    if (collection) return collection;
    const args = argumentsOf(program, env, e.a);
    if (callee.path === 'require') {
      const specifier = stringOf(args[0]);
      return specifier === undefined ? UNKNOWN : program.importNamespace(env.unit.path, specifier);
    }
    return program.callApi(callee, { file: env.unit.path, call: e, env, args });
  }
  // Code handed to something unknown may well be run: `connect(url).then(() => start(app))`.
  program.runCallbacks(env, argumentsOf(program, env, e.a));
  return UNKNOWN;
}

/** `new Handler(db)` where `Handler` is a plain function: what it sets in `this`. */
function byFunction(program: Program, env: Env, e: ExprOf<'call'>, callee: FuncValue): Value {
  const self: ObjectValue = { k: 'object', props: new Map(), open: true, file: env.unit.path, p: e.p };
  const args = argumentsOf(program, env, e.a);
  if (env.isStatic) {
    const scope = createEnv(callee.env.unit, callee.fn, callee.env, true, self);
    for (const [position, arg] of args.entries()) scope.vars.set(`#${position}`, arg);
    program.cells.read(callee.fn);
    for (const stmt of callee.fn.body) setOnThis(program, scope, stmt, self);
  }
  const given = program.callFunction({ ...callee, self }, args, env, e);
  // `if (!(this instanceof Handler)) return new Handler(db)` guards a call without `new`: not this one.
  return given.k === 'object' && self.props.size === 0 ? given : self;
}

/** `this.list = …` directly in a constructor function that is only looked at. */
function setOnThis(program: Program, scope: Env, stmt: Stmt, self: ObjectValue): void {
  if (stmt.k !== 'expr' || stmt.e.k !== 'assign' || stmt.e.l.k !== 'mem' || stmt.e.l.o.k !== 'this') return;
  self.props.set(stmt.e.l.n, evaluate(program, scope, stmt.e.r));
}

/** What a plugin put onto a router, or onto one around it, under a name: `app.decorate('needs', …)`. */
export function addedTo(router: RouterObject, name: string): Value | undefined {
  for (let at: RouterObject | undefined = router; at; at = at.parent) {
    const noted = at.notes.get(`.${name}`);
    if (noted) return noted;
  }
  return undefined;
}
