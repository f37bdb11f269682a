import { calleesOf, callsIn } from '../link/call-index.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf, innerFunctions } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin, requestPart } from '../link/request-value.ts';
import { VALIDATING } from '../link/sign-names.ts';
import { staticEnvOf } from '../link/signals.ts';
import { type Env, type FuncValue, spanIn } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import type { Span } from '../model/span.ts';

/** What a handler reads of the body, as written in the handler itself. */
export interface BodyReads {
  /** Names of properties, in order; empty where the body is used as a whole. */
  readonly fields: readonly string[];
  readonly first: Span;
  /** It looks at what it got and answers 400 or 422, or throws. */
  readonly checked: boolean;
}

/** Reads of the request's body in an endpoint's handler; undefined if there are none. */
export function bodyReads(program: Program, { handler }: Endpoint): BodyReads | undefined {
  if (!handler) return undefined;
  // Decorated parameters are judged by their declared types: a pipe can check what is left of them at run time.
  const decorated = handler.fn.params.some(param => param.decorators?.length);
  if (decorated && !takesUntypedBody(program, handler)) return undefined;
  const fields: string[] = [];
  let first: Span | undefined;
  let checked = false;
  const note = (span: Span, name?: string): void => {
    if (!first || span.start < first.start) first = span;
    if (name !== undefined && !fields.includes(name)) fields.push(name);
  };
  // A record of the whole request, headers included, takes the body as whatever it is.
  const recorded = new Set<Expr>();
  const visit = (env: Env): void => {
    eachStmt(env.fn.body, stmt => {
      if (stmt.k === 'throw' || (stmt.k === 'if' && asksAboutBody(program, env, stmt.t))) checked = true;
      if (stmt.k === 'let' && stmt.v && stmt.pat.k === 'pobj') {
        const isBody = requestPart(program, evaluate(program, env, stmt.v)) === 'body';
        for (const { key } of stmt.pat.props) if (isBody && typeof key === 'string') note(spanIn(env, stmt.v.p), key);
      }
      for (const e of exprsOf(stmt))
        eachExpr(e, one => {
          if (one.k === 'obj' && recordsRequest(program, env, one)) for (const { v } of one.props) recorded.add(v);
          if (one.k === 'num' && (one.v === 400 || one.v === 422)) checked = true;
          if (
            one.k === 'mem' &&
            one.n === 'body' &&
            !recorded.has(one) &&
            requestPart(program, evaluate(program, env, one)) === 'body'
          )
            note(spanIn(env, one.p));
          if (decorated && one.k === 'call' && one.a.some(arg => isWholeBody(program, env, arg))) {
            for (const arg of one.a) if (isWholeBody(program, env, arg)) note(spanIn(env, arg.p));
            checked ||= mayCheck(program, env, one, 0);
          }
          if (one.k !== 'mem') return;
          const origin = requestOrigin(program, evaluate(program, env, one.o));
          if (origin?.part === 'body' && origin.names.length === 0) note(spanIn(env, one.p), one.n);
        });
    });
    for (const inner of innerFunctions(env.unit.facts, env.fn)) visit(program.staticEnv(env.unit, inner));
  };
  visit(staticEnvOf(program, handler));
  return first ? { fields, first, checked } : undefined;
}

/** `{ headers: req.headers, body: req.body }` */
function recordsRequest(program: Program, env: Env, { props }: ExprOf<'obj'>): boolean {
  return props.some(prop => prop.k === 'prop' && requestPart(program, evaluate(program, env, prop.v)) === 'headers');
}

/** `if (isValid(email))`, `if (typeof age !== 'number')`: a condition that hands a field to a check of its own. */
function asksAboutBody(program: Program, env: Env, test: Expr): boolean {
  const isField = (e: Expr): boolean => requestOrigin(program, evaluate(program, env, e))?.part === 'body';
  let found = false;
  eachExpr(test, one => {
    if (one.k === 'call' && one.a.some(isField)) found = true;
    if (one.k === 'un' && one.op === 'typeof' && isField(one.e)) found = true;
  });
  return found;
}

/** Whether the whole body comes in as a parameter whose type is gone at run time and that has no pipe of its own. */
function takesUntypedBody(program: Program, handler: FuncValue): boolean {
  const env = staticEnvOf(program, handler);
  return handler.fn.params.some(({ pat, t, decorators }) => {
    const [decorator, ...others] = decorators ?? [];
    if (!decorator || others.length || decorator.e.k !== 'call' || decorator.e.a.length || pat.k !== 'pid')
      return false;
    if (!isWholeBody(program, env, { k: 'id', n: pat.n, s: handler.fn.id, p: pat.p })) return false;
    if (t === undefined || t.union || t.array) return false;
    if (t.members || t.n === 'any' || t.n === 'Record' || t.n === 'object') return true;
    return env.unit.facts.types.some(type => type.name === t.n && type.kind !== 'enum');
  });
}

function isWholeBody(program: Program, env: Env, e: Expr): boolean {
  return e.k === 'id' && requestPart(program, evaluate(program, env, e)) === 'body';
}

/** Whether a function that gets the body may look at it: it cannot be seen, it refuses something, or a schema is at work. */
function mayCheck(program: Program, env: Env, call: ExprOf<'call'>, depth: number): boolean {
  const callees = calleesOf(program, env, call);
  if (callees.length === 0) return evaluate(program, env, call.f).k !== 'api' || isValidating(call);
  return callees.some(callee => {
    let found = depth > 1;
    eachStmt(callee.fn.body, stmt => {
      if (stmt.k === 'throw') found = true;
    });
    const inner = staticEnvOf(program, callee);
    return found || callsIn(callee.fn).some(one => isValidating(one.call) || passesOn(program, inner, one.call, depth));
  });
}

function passesOn(program: Program, env: Env, call: ExprOf<'call'>, depth: number): boolean {
  const own = calleesOf(program, env, call);
  return own.length > 0 && mayCheck(program, env, call, depth + 1);
}

function isValidating({ f }: ExprOf<'call'>): boolean {
  const name = f.k === 'mem' || f.k === 'id' ? f.n : '';
  return VALIDATING.test(name) || /valid|assert|check|sanitiz|parse/i.test(name);
}
