import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { calleesOf, callsIn } from './call-index.ts';
import { blocksOf, createEnv, eachExpr, exprsOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { type Env, type FuncValue, numberOf, spanIn, stringOf, type Value } from './values.ts';

const DEPTH = 4;

export interface Sign {
  readonly span: Span;
}

/** What a function was seen to do that makes it a guard, a validator or a limiter. */
export interface Signals {
  /** Reads a credential or a session's identity. */
  credentials: Sign[];
  /** Proves it: library verification, constant-time comparison, look-up by credential. */
  verifies: Sign[];
  permissions: Sign[];
  /** Ends the request: 401/403, an unauthorised error, `next(error)`, `return false`. */
  rejects: Sign[];
  signature: Sign[];
  validates: Set<'body' | 'query' | 'params' | 'headers'>;
  limits: boolean;
  /** Calls `next()` on a way that already rejected: the request goes on. */
  passesAfterReject: boolean;
  /** Lets a request without credential pass on purpose. */
  optional: boolean;
  /** Something that could reject was not resolved. */
  opaque: boolean;
}

const CREDENTIAL_NAME =
  /^(?:authorization|x-api-key|api-key|apikey|x-auth-token|x-access-token|access[-_]?token|auth[-_]?token|token|jwt|sid|session[-_]?id|sessionid|x-amz-.*|x-forwarded-user)$/i;
const UNAUTHORISED =
  /Unauthori[sz]ed|Forbidden|Unauthenticated|AccessDenied|NotAuthenticated|AuthenticationError|AuthorizationError|InvalidToken|InvalidCredentials|PermissionDenied/i;
const PERMISSION_NAME = /^(?:roles?|permissions?|isAdmin|is_admin|scopes?|abilit(?:y|ies)|privileges?|accessLevel)$/i;

/** Collects the signals of a function and of the project functions it calls. */
export function signalsOf(program: Program, func: FuncValue): Signals {
  const signals: Signals = {
    credentials: [],
    verifies: [],
    permissions: [],
    rejects: [],
    signature: [],
    validates: new Set(),
    limits: false,
    passesAfterReject: false,
    optional: false,
    opaque: false,
  };
  collect(program, func, signals, new Set(), 0);
  const next = nextParam(func.fn);
  if (next) {
    const paths = followPaths(program, staticEnvOf(program, func), func.fn.body, next, new Set([false]));
    signals.passesAfterReject = paths.passedAfterReject;
  }
  return signals;
}

/** An environment in which the function can be read without being run. */
export function staticEnvOf(program: Program, func: FuncValue): Env {
  const unit = program.units.get(func.file)!;
  return func.env.isStatic || func.self
    ? createEnv(unit, func.fn, func.env, true, func.self)
    : program.staticEnv(unit, func.fn);
}

function collect(program: Program, func: FuncValue, signals: Signals, seen: Set<FunctionFact>, depth: number): void {
  if (seen.has(func.fn) || depth > DEPTH) return;
  seen.add(func.fn);
  const env = staticEnvOf(program, func);
  collectBody(program, env, func.fn.body, signals);
  for (const { call } of callsIn(func.fn)) {
    for (const callee of calleesOf(program, env, call)) collect(program, callee, signals, seen, depth + 1);
  }
  for (const inner of env.unit.facts.functions) {
    if (inner.parent !== func.fn.id || seen.has(inner)) continue;
    collect(
      program,
      { k: 'func', file: func.file, fn: inner, env, ...(func.self ? { self: func.self } : {}) },
      signals,
      seen,
      depth + 1,
    );
  }
}

function collectBody(program: Program, env: Env, body: readonly Stmt[], signals: Signals): void {
  for (const stmt of body) {
    if (stmt.k === 'throw') {
      const sign = { span: spanIn(env, stmt.p) };
      if (isUnauthorised(program, env, stmt.e)) signals.rejects.push(sign);
    }
    if (stmt.k === 'ret' && stmt.e?.k === 'bool' && !stmt.e.v && env.fn.name === 'canActivate')
      signals.rejects.push({ span: spanIn(env, stmt.p) });
    for (const e of exprsOf(stmt)) eachExpr(e, one => collectExpr(program, env, one, signals));
    for (const block of blocksOf(stmt)) collectBody(program, env, block, signals);
  }
}

function collectExpr(program: Program, env: Env, e: Expr, signals: Signals): void {
  const sign = (): Sign => ({ span: spanIn(env, e.p) });
  if (e.k === 'mem') {
    const owner = evaluate(program, env, e.o);
    const part = requestPart(program, owner);
    if (part === 'session' || part === 'user') {
      (PERMISSION_NAME.test(e.n) ? signals.permissions : signals.credentials).push(sign());
    } else if ((part === 'headers' || part === 'cookies') && CREDENTIAL_NAME.test(e.n))
      signals.credentials.push(sign());
    else if (PERMISSION_NAME.test(e.n) && !part) signals.permissions.push(sign());
    const self = requestPart(program, evaluate(program, env, e));
    if (self === 'session' || self === 'user') signals.credentials.push(sign());
  }
  if (e.k !== 'call') return;
  const callee = evaluate(program, env, e.f);
  if (callee.k === 'api') {
    collectCall(program, env, e, callee, signals, sign);
  } else if (callee.k === 'unknown' || callee.k === 'param') {
    const name = e.f.k === 'mem' ? e.f.n : e.f.k === 'id' ? e.f.n : '';
    if (name === 'next' && e.a.length > 0 && e.a[0]!.k !== 'nil') signals.rejects.push(sign());
    else if (name !== 'next' && e.a.some(arg => isRequest(program, evaluate(program, env, arg)))) signals.opaque = true;
  }
}

function collectCall(
  program: Program,
  env: Env,
  e: Expr & { k: 'call' },
  callee: Value & { k: 'api' },
  signals: Signals,
  sign: () => Sign,
): void {
  const path = program.adapters.canonical(callee.path);
  const drafts = program.adapters.operation(path)?.read({
    callee,
    site: { file: env.unit.path, call: e, env, args: [] },
    chain: [],
    arg: position => e.a[position],
    value: position => (e.a[position] ? evaluate(program, env, e.a[position]) : undefined),
  });
  const kind = drafts && ('kind' in drafts ? drafts.kind : drafts[0]?.kind);
  if (
    kind === 'jwt-verify' ||
    kind === 'identity-read' ||
    kind === 'constant-time-compare' ||
    kind === 'password-compare'
  )
    signals.verifies.push(sign());
  if (kind === 'signature-verify' || kind === 'hmac') signals.signature.push(sign());
  if (kind === 'validate') {
    for (const arg of e.a) {
      const part = requestPart(program, evaluate(program, env, arg));
      if (part === 'body' || part === 'query' || part === 'params' || part === 'headers') signals.validates.add(part);
    }
  }
  const response = program.adapters.response(path);
  const status = response === 'status' ? numberOf(e.a[0] && evaluate(program, env, e.a[0])) : undefined;
  if (status === 401 || status === 403) signals.rejects.push(sign());
  if (status === 429) signals.limits = true;
  if (response === 'redirect') {
    const target = e.a.map(arg => stringOf(evaluate(program, env, arg))).find(text => text !== undefined);
    if (target && /login|signin|sign-in|auth/i.test(target)) signals.rejects.push(sign());
  }
  if (requestPart(program, callee) === 'headers') {
    const name = stringOf(e.a[0] && evaluate(program, env, e.a[0]));
    if (name && CREDENTIAL_NAME.test(name)) signals.credentials.push(sign());
  }
  if (callee.path.endsWith('.NextFunction') && e.a.length > 0 && e.a[0]!.k !== 'nil') signals.rejects.push(sign());
  if (callee.path.endsWith('#isAuthenticated')) signals.credentials.push(sign());
}

/** The part of a request a value is, e.g. `req.headers` → headers. */
export function requestPart(program: Program, value: Value): ReturnType<Program['adapters']['request']> {
  return value.k === 'api' ? program.adapters.request(program.adapters.canonical(value.path)) : undefined;
}

function isRequest(program: Program, value: Value): boolean {
  return value.k === 'api' && (/Request$/.test(value.path) || requestPart(program, value) !== undefined);
}

/** Throws an error that a framework or an error handler turns into 401 or 403. */
function isUnauthorised(program: Program, env: Env, e: Expr): boolean {
  if (e.k === 'call') {
    const name = e.f.k === 'mem' ? e.f.n : e.f.k === 'id' ? e.f.n : '';
    if (UNAUTHORISED.test(name)) return true;
    return e.a.some(arg => {
      const value = evaluate(program, env, arg);
      const status =
        numberOf(value) ??
        (value.k === 'object' ? numberOf(value.props.get('status') ?? value.props.get('statusCode')) : undefined);
      const text = stringOf(value) ?? (value.k === 'object' ? stringOf(value.props.get('code')) : undefined);
      return (
        status === 401 ||
        status === 403 ||
        (text !== undefined && /^(?:unauthori[sz]ed|forbidden|unauthenticated)\b/i.test(text))
      );
    });
  }
  return e.k === 'id' || e.k === 'mem' ? UNAUTHORISED.test(e.n) : false;
}

function nextParam(fn: FunctionFact): string | undefined {
  const third = fn.params[fn.params.length === 4 ? 3 : 2];
  return third?.pat.k === 'pid' ? third.pat.n : undefined;
}

interface Paths {
  /** Whether the ways that reach the end have rejected. */
  readonly open: ReadonlySet<boolean>;
  readonly passedAfterReject: boolean;
}

/** Follows the ways through a body: does any of them reject and then call `next()` all the same? */
function followPaths(
  program: Program,
  env: Env,
  body: readonly Stmt[],
  next: string,
  start: ReadonlySet<boolean>,
): Paths {
  let open = start;
  let passed = false;
  for (const stmt of body) {
    if (open.size === 0) break;
    for (const e of exprsOf(stmt)) {
      eachExpr(e, one => {
        if (one.k !== 'call') return;
        if (one.f.k === 'id' && one.f.n === next && one.a.length === 0) passed ||= open.has(true);
        else if (rejectsHere(program, env, one)) open = new Set([true]);
      });
    }
    if (stmt.k === 'ret' || stmt.k === 'throw' || stmt.k === 'jump')
      return { open: new Set(), passedAfterReject: passed };
    if (stmt.k === 'if') {
      const a = followPaths(program, env, stmt.a, next, open);
      const b = stmt.b ? followPaths(program, env, stmt.b, next, open) : { open, passedAfterReject: false };
      passed ||= a.passedAfterReject || b.passedAfterReject;
      open = new Set([...a.open, ...b.open]);
    } else {
      for (const block of blocksOf(stmt)) {
        const inner = followPaths(program, env, block, next, open);
        passed ||= inner.passedAfterReject;
        open = new Set([...open, ...inner.open]);
      }
    }
  }
  return { open, passedAfterReject: passed };
}

function rejectsHere(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  const callee = evaluate(program, env, call.f);
  if (callee.k !== 'api') return false;
  const response = program.adapters.response(program.adapters.canonical(callee.path));
  return (
    response === 'redirect' || response === 'send' || response === 'json' || response === 'end' || response === 'render'
  );
}
