import type { Expr, Stmt } from '../model/facts.ts';
import { createEnv, eachExpr, eachStmt, exprsOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { LOGIN_PATH, TOO_MANY, TOO_MANY_TEXT, UNAUTHORISED, UNAUTHORISED_TEXT } from './sign-names.ts';
import { type Env, type FuncValue, numberOf, stringOf, UNKNOWN, type Value } from './values.ts';

/** `denied`: 401, 403, an unauthorised error, a way to the login page. `limited`: 429. */
export type Refusal = 'denied' | 'limited';

/** Whether a statement or a call turns the caller away. */
export function refusal(program: Program, env: Env, node: Stmt | Expr): Refusal | undefined {
  if (node.k === 'throw') return env.fn.name === 'canActivate' ? 'denied' : ofError(program, env, node.e);
  if (node.k === 'ret') {
    const status = answeredStatus(program, env, node.e);
    if (status) return ofStatus(status);
    return env.fn.name === 'canActivate' && node.e && deniesByValue(node.e) ? 'denied' : undefined;
  }
  if (node.k === 'assign') {
    const isStatus = node.l.k === 'mem' && (node.l.n === 'statusCode' || node.l.n === 'status');
    return isStatus ? ofStatus(evaluate(program, env, node.r)) : undefined;
  }
  return node.k === 'call' ? ofCall(program, env, node) : undefined;
}

/** Whether one of the statements themselves turns the caller away. */
export function deniesIn(program: Program, env: Env, body: readonly Stmt[]): boolean {
  return body.some(stmt => {
    if (refusal(program, env, stmt) === 'denied') return true;
    let found = false;
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'call' && refusal(program, env, one) === 'denied') found = true;
      });
    return found;
  });
}

/** `return { statusCode: 401 }`: the answer of a function that a gateway runs. */
export function answeredStatus(program: Program, env: Env, e: Expr | undefined): Value | undefined {
  if (e?.k !== 'obj') return undefined;
  const stated = e.props.find(prop => prop.k === 'prop' && prop.n === 'statusCode');
  return stated?.k === 'prop' ? evaluate(program, env, stated.v) : undefined;
}

/** A guard that returns something that can be false. */
function deniesByValue(e: Expr): boolean {
  if (e.k === 'bool') return !e.v;
  if (e.k === 'await' || e.k === 'as') return deniesByValue(e.e);
  return e.k === 'bin' || (e.k === 'log' && e.op === '&&') || (e.k === 'un' && e.op === '!') || e.k === 'call';
}

function ofCall(program: Program, env: Env, e: Expr & { k: 'call' }): Refusal | undefined {
  const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
  const callee = evaluate(program, env, e.f);
  if (GOES_ON.test(name) || (callee.k === 'api' && callee.path.endsWith('.NextFunction'))) {
    const [error] = e.a;
    return error && error.k !== 'nil' ? ofError(program, env, error) : undefined;
  }
  const throws = callee.k === 'api' && program.adapters.throws(program.adapters.canonical(callee.path));
  if (UNAUTHORISED.test(name) && (e.f.k === 'mem' || throws) && !e.new) return 'denied';
  if (TOO_MANY.test(name) && e.new) return 'limited';
  if (callee.k === 'func') {
    const found = ofHelper(program, env, e, callee);
    if (found) return found;
  }
  if (callee.k !== 'api') {
    // `ctx.throw(401)`, `reply.status(401)` of something untyped: the name and the number together are enough.
    return STATUS_METHODS.test(name) ? ofStatus(e.a[0] && evaluate(program, env, e.a[0])) : undefined;
  }
  const response = program.adapters.response(program.adapters.canonical(callee.path));
  if (response === 'redirect') {
    const target = e.a.map(arg => stringOf(evaluate(program, env, arg))).find(text => text !== undefined);
    return target && LOGIN_PATH.test(target) ? 'denied' : undefined;
  }
  if (response === 'status' || STATUS_METHODS.test(name)) return ofStatus(e.a[0] && evaluate(program, env, e.a[0]));
  // An error that Fastify is given to send brings its own status.
  if (response === 'send' && callee.path.startsWith('fastify.') && isCaught(env, e.a[0])) return 'denied';
  if (response === 'send' || response === 'json' || RESPONSES.test(callee.path)) {
    for (const arg of e.a.slice(1)) {
      const value = evaluate(program, env, arg);
      const found = ofStatus(value) ?? (value.k === 'object' ? ofStatus(value.props.get('status')) : undefined);
      if (found) return found;
    }
  }
  return undefined;
}

/** `sendError(401, 'unauthorized')`: a function of the project that answers with the status it is given. */
function ofHelper(program: Program, env: Env, e: Expr & { k: 'call' }, func: FuncValue): Refusal | undefined {
  if (func.fn === env.fn || !e.a.some(mayBeStatus)) return undefined;
  const given = e.a.map(arg => (mayBeStatus(arg) ? evaluate(program, env, arg) : UNKNOWN));
  const wanted = given.map(ofStatus).find(found => found !== undefined);
  if (!wanted) return undefined;
  const base = program.staticEnv(func.env.unit, func.fn);
  const own = createEnv(base.unit, func.fn, base.parent, true, func.self);
  for (const [position, value] of given.entries()) if (value !== UNKNOWN) own.vars.set(`#${position}`, value);
  program.cells.read(func.fn);
  let found = false;
  eachStmt(func.fn.body, stmt => {
    found ||= refusal(program, own, stmt) === wanted;
    for (const one of exprsOf(stmt)) eachExpr(one, inner => (found ||= refusal(program, own, inner) === wanted));
  });
  return found ? wanted : undefined;
}

function mayBeStatus(e: Expr): boolean {
  if (e.k === 'num') return e.v === 401 || e.v === 403 || e.v === 429;
  return e.k === 'mem' && /^(?:unauthori[sz]ed|forbidden|too_?many_?requests)$/i.test(e.n);
}

/** Whether an expression is the error that a `catch` of the function got. */
export function isCaught({ fn }: Env, e: Expr | undefined): boolean {
  let found = false;
  eachStmt(fn.body, stmt => {
    if (e?.k === 'id' && stmt.k === 'try' && stmt.param?.k === 'pid' && stmt.param.n === e.n) found = true;
  });
  return found;
}

const GOES_ON = /^(?:next|done)$/;
const STATUS_METHODS = /^(?:status|sendStatus|code|throw|writeHead|abort)$/;
const RESPONSES = /^(?:Response|next\/server\.NextResponse)(?:\.json)?$/;

function ofStatus(value: Value | undefined): Refusal | undefined {
  const status = numberOf(value);
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'limited';
  if (value?.k === 'api' && /\.(?:UNAUTHORIZED|FORBIDDEN)$/.test(value.path)) return 'denied';
  return value?.k === 'api' && /\.TOO_MANY_REQUESTS$/.test(value.path) ? 'limited' : undefined;
}

/** An error that a framework or an error handler turns into 401, 403 or 429. */
function ofError(program: Program, env: Env, e: Expr): Refusal | undefined {
  if (e.k === 'call') {
    const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
    if (UNAUTHORISED.test(name)) return 'denied';
    if (TOO_MANY.test(name)) return 'limited';
    for (const arg of e.a) {
      const value = evaluate(program, env, arg);
      const inner = value.k === 'object' ? (value.props.get('status') ?? value.props.get('statusCode')) : value;
      const text = stringOf(value) ?? (value.k === 'object' ? codeOf(value.props) : undefined);
      const found = ofStatus(inner) ?? (text === undefined ? undefined : ofText(text));
      if (found) return found;
    }
    return undefined;
  }
  if (e.k === 'obj') {
    const value = evaluate(program, env, e);
    return value.k === 'object' ? ofStatus(value.props.get('status') ?? value.props.get('statusCode')) : undefined;
  }
  if (e.k === 'cond') return ofError(program, env, e.a) ?? ofError(program, env, e.b);
  if (e.k !== 'id' && e.k !== 'mem') return undefined;
  return UNAUTHORISED.test(e.n) ? 'denied' : undefined;
}

function ofText(text: string): Refusal | undefined {
  if (UNAUTHORISED_TEXT.test(text)) return 'denied';
  return TOO_MANY_TEXT.test(text) ? 'limited' : undefined;
}

function codeOf(props: ReadonlyMap<string, Value>): string | undefined {
  return stringOf(props.get('code') ?? props.get('message'));
}
