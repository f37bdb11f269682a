import type { Expr, FunctionFact, Pattern, Stmt } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { bodyBeforeNext, isAfterNext } from './before-next.ts';
import { calleesOf, callsIn } from './call-index.ts';
import { asksForCaller } from './caller-tests.ts';
import { argumentsOf } from './calls.ts';
import { blocksOf, createEnv, eachChild, exprsOf, innerFunctions } from './env.ts';
import { evaluate } from './evaluate.ts';
import { followPaths, stopsAnonymous, swallowsProof } from './guard-paths.ts';
import {
  checksSignature,
  comparesSignature,
  handsOnCredential,
  handsOnRequest,
  isBuiltIn,
  isForeign,
  isSent,
  partsOfValue,
  present,
} from './handed-values.ts';
import { member } from './members.ts';
import type { Program } from './program.ts';
import { refusal } from './refusals.ts';
import { isRequest, type Part, partsIn, requestOrigin, requestPart } from './request-value.ts';
import {
  asksSchema,
  FORGERY,
  isCredentialName,
  PERMISSION,
  PERMISSION_CALL,
  PERMISSION_OF_REQUEST,
  SESSION_IDENTITY,
  VALIDATING,
} from './sign-names.ts';
import { addSignals, noSignals, tried } from './signal-lists.ts';
import { isSwallowed } from './swallowed.ts';
import { isDecoration, mayProve } from './unseen-code.ts';
import { type ApiValue, type Env, type FuncValue, spanIn, stringOf, truthiness, type Value } from './values.ts';
import { isSameOwn, type Own, type Visit } from './visits.ts';
import { capturedSteps, type Wrapping } from './wrappers.ts';

export { requestPart } from './request-value.ts';

const DEPTH = 4;
/** Functions looked into for one guard or handler. */
const BREADTH = 80;

export interface Sign {
  readonly span: Span;
  /** The part of the request a credential comes with. */
  readonly part?: Part;
  /** A keyed hash was worked out, whatever for. */
  readonly isHash?: true;
}

/** What a function was seen to do that makes it a guard, a validator or a limiter. */
export interface Signals {
  /** Reads a credential or a session's identity. */
  credentials: Sign[];
  /** Proves it: library verification, constant-time comparison, a verified session. */
  verifies: Sign[];
  permissions: Sign[];
  /** Turns the caller away: 401/403, an unauthorised error, `next(error)`, `return false` of a guard. */
  rejects: Sign[];
  signature: Sign[];
  /** Looks at what only a page of one's own can send: its origin, a token against forged requests. */
  forgery: Sign[];
  validates: Set<Part>;
  limits: boolean;
  /** Calls `next()` on a way that already answered: the request goes on. */
  passesAfterReject: boolean;
  /** Lets a request without credential pass on purpose. */
  optional: boolean;
  /** Verifies by a call that throws. */
  proves: boolean;
  /** Nothing swallows that. */
  throws: boolean;
  /** Something that could reject was not resolved. */
  opaque: boolean;
  /** What was not resolved, or a package that nothing is known of, got the caller's own credential. */
  defers: boolean;
}

/** Collects the signals of a function and of the project functions it calls, but not of the one it wraps. */
export function signalsOf(program: Program, func: FuncValue, wrapping?: Wrapping): Signals {
  const signals = noSignals();
  // What a closure was made with makes it another step than its siblings.
  const isMade = capturedSteps(func) !== undefined;
  const env = isMade ? createEnv(func.env.unit, func.fn, func.env, true, func.self) : staticEnvOf(program, func);
  const isPlain = !wrapping && !isMade;
  const until = wrapping?.call.p[1] ?? Number.POSITIVE_INFINITY;
  const seen = new Set(wrapping && [wrapping.wrapped.fn]);
  collect(program, { func, env, isPlain, until }, signals, seen);
  // Around handlers much is hashed that is no signature: what is logged, what is cached.
  if (wrapping && signals.signature.every(({ isHash }) => isHash)) signals.signature.length = 0;
  if (signals.credentials.length || signals.verifies.length || signals.permissions.length) {
    const ways = followPaths(program, func, env, wrapping?.call.f);
    signals.passesAfterReject = ways.passesAfterReject;
    signals.optional = ways.passesAnonymous;
    signals.throws = signals.proves && !ways.swallows;
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

/** Times that a function is read with what other calls hand it of the request: `check('body', schema, req.body)`. */
const CALLS = 4;

/** The nearest functions first: who is calling is asked close to the handler, however far its work leads. */
function collect(program: Program, from: Visit, signals: Signals, seen: Set<FunctionFact>): void {
  const given = new Map<FunctionFact, number>();
  let layer = [from];
  for (let depth = 0; depth <= DEPTH && layer.length > 0; depth++) {
    const next: Visit[] = [];
    for (const visit of layer) {
      const { fn } = visit.func;
      const calls = given.get(fn) ?? 0;
      if (seen.has(fn) && (calls === 0 || visit.isPlain || calls >= CALLS)) continue;
      if (seen.size > BREADTH) return;
      // Another call of it may not be caught.
      if (!visit.isTried) seen.add(fn);
      if (!visit.isPlain && visit !== from) given.set(fn, calls + 1);
      const own = ownSignals(program, visit);
      addSignals(signals, visit.isTried ? tried(own.signals) : own.signals);
      layer.push(...within(visit, own.inner));
      next.push(...within(visit, own.calls));
    }
    layer = next;
  }
}

function within({ isTried }: Visit, visits: readonly Visit[]): readonly Visit[] {
  return isTried ? visits.map(one => ({ ...one, isTried })) : visits;
}

const known = new WeakMap<Program, Map<FunctionFact, Map<unknown, Own>>>();

/** Handlers share most of what they call, so plain visits are remembered, by function and class of `this`. */
function ownSignals(program: Program, visit: Visit): Own {
  if (!visit.isPlain) {
    program.cells.read(visit.func.fn);
    return readOwn(program, visit);
  }
  const { fn, self } = visit.func;
  let byFunction = known.get(program);
  if (!byFunction) {
    byFunction = new Map();
    known.set(program, byFunction);
  }
  let bySelf = byFunction.get(fn);
  if (!bySelf) {
    bySelf = new Map();
    byFunction.set(fn, bySelf);
  }
  const key = self?.k === 'instance' ? self.of.cls : self;
  const { cells } = program;
  cells.meet(bySelf, key);
  let own = bySelf.get(key);
  if (!own) {
    const before = cells.open(bySelf, key);
    const first = readOwn(program, visit);
    own = first;
    bySelf.set(key, own);
    cells.keep(bySelf, key);
    cells.doubt(() => isSameOwn(program, first, ownSignals(program, visit)));
    cells.leave(before);
  }
  return own;
}

function readOwn(program: Program, { func, env, isPlain, until }: Visit): Own {
  const signals = noSignals();
  collectParams(program, env, signals);
  collectBody(program, env, bodyBeforeNext(func.fn), signals, !isPlain);
  if (signals.proves && swallowsProof(program, env, func.fn)) signals.proves = false;
  for (const list of [signals.credentials, signals.verifies, signals.permissions, signals.signature])
    list.splice(0, list.length, ...list.filter(({ span }) => span.start < until));
  const inner = innerFunctions(env.unit.facts, func.fn).map((fn): Visit => {
    const nested: FuncValue = { k: 'func', file: func.file, fn, env, ...(func.self ? { self: func.self } : {}) };
    return { func: nested, env: createEnv(env.unit, fn, env, true, func.self), isPlain, until };
  });
  const before = callsIn(func.fn).filter(({ call }) => call.p[0] < until && !isAfterNext(func.fn, call));
  const calls = before.flatMap(({ call }) => {
    const rest = { until: Number.POSITIVE_INFINITY, ...(isSwallowed(func.fn, call) ? { isTried: true as const } : {}) };
    return calleesOf(program, env, call).map((callee): Visit => {
      const given = envWithArguments(program, env, call, callee);
      return given
        ? { func: callee, env: given, isPlain: false, ...rest }
        : { func: callee, env: staticEnvOf(program, callee), isPlain: true, ...rest };
    });
  });
  return { signals, inner, calls };
}

/** A callee's environment in which parameters are what this call gives them; undefined if none is of the request. */
function envWithArguments(program: Program, env: Env, call: Expr & { k: 'call' }, callee: FuncValue): Env | undefined {
  if (callee.fn.parent === env.fn.id) return undefined;
  const args = argumentsOf(program, env, call.a);
  const parts = args.flatMap(partsOfValue);
  if (!parts.some(arg => isRequest(arg) || (arg.k === 'api' && requestOrigin(program, arg)))) return undefined;
  const base = staticEnvOf(program, callee);
  const around = callee.env.fn.kind === 'module' ? base.parent : callee.env;
  const own = createEnv(base.unit, callee.fn, around, true, callee.self);
  args.forEach((arg, position) => {
    if (arg.k !== 'unknown') own.vars.set(`#${position}`, arg);
  });
  return own;
}

/** What is done where it is known what a function was given ends with what that decides: `if (!schema) return`. */
function collectBody(program: Program, env: Env, body: readonly Stmt[], signals: Signals, isGiven: boolean): void {
  for (const stmt of body) {
    const decided = isGiven && stmt.k === 'if' ? truthiness(evaluate(program, env, stmt.t)) : undefined;
    if (stmt.k === 'if' && decided !== undefined) {
      const taken = decided ? stmt.a : (stmt.b ?? []);
      collectBody(program, env, taken, signals, isGiven);
      if (taken.at(-1)?.k === 'ret') return;
      continue;
    }
    const no = refusal(program, env, stmt);
    if (no === 'denied' || stopsAnonymous(program, env, stmt)) signals.rejects.push({ span: spanIn(env, stmt.p) });
    if (no === 'limited') signals.limits = true;
    if (asksForCaller(program, env, stmt)) signals.credentials.push({ span: spanIn(env, stmt.p), part: 'user' });
    if (stmt.k === 'let' && stmt.v && stmt.pat.k === 'pobj') collectPattern(program, env, stmt.pat, stmt.v, signals);
    for (const e of exprsOf(stmt)) collectExpr(program, env, e, signals);
    for (const block of blocksOf(stmt)) collectBody(program, env, block, signals, isGiven);
  }
}

/** `({ user }, response) => …`: names are read before the body begins. */
function collectParams(program: Program, env: Env, signals: Signals): void {
  const visit = (pattern: Pattern, owner: Value): void => {
    if (pattern.k !== 'pobj') return;
    for (const { key, v } of pattern.props) {
      if (typeof key !== 'string') continue;
      readName(program, owner, key, { span: spanIn(env, pattern.p) }, signals);
      visit(v, member(program, owner, key));
    }
  };
  for (const [position, { pat }] of env.fn.params.entries()) {
    const given = pat.k === 'pobj' ? (env.vars.get(`#${position}`) ?? program.paramRole(env, position)) : undefined;
    if (given) visit(pat, given);
  }
}

/** `const { authorization } = req.headers`. */
function collectPattern(
  program: Program,
  env: Env,
  pattern: Pattern & { k: 'pobj' },
  from: Expr,
  signals: Signals,
): void {
  const owner = evaluate(program, env, from);
  for (const { key } of pattern.props) {
    if (typeof key === 'string') readName(program, owner, key, { span: spanIn(env, pattern.p) }, signals);
  }
}

function readName(program: Program, owner: Value, name: string, sign: Sign, signals: Signals): boolean {
  const part = requestPart(program, owner);
  if (part === 'user') (PERMISSION.test(name) ? signals.permissions : signals.credentials).push({ ...sign, part });
  else if (part === 'session') {
    if (PERMISSION.test(name)) signals.permissions.push(sign);
    if (SESSION_IDENTITY.test(name)) signals.credentials.push({ ...sign, part });
  } else if (part === 'headers' || part === 'cookies') {
    if (isCredentialName(name)) signals.credentials.push({ ...sign, part });
    if (FORGERY.test(name)) signals.forgery.push(sign);
  } else if (part === undefined) {
    if (PERMISSION.test(name)) signals.permissions.push(sign);
    if (owner.k === 'api' && program.adapters.request(program.adapters.canonical(`${owner.path}#${name}`)) === 'user')
      signals.credentials.push(sign);
    return false;
  }
  return part === 'session';
}

function collectExpr(program: Program, env: Env, e: Expr, signals: Signals): void {
  const sign: Sign = { span: spanIn(env, e.p) };
  const no = refusal(program, env, e);
  if (no === 'denied') signals.rejects.push(sign);
  else if (no === 'limited') signals.limits = true;
  // What is written is not asked for: `req.session.user = user` signs somebody in.
  if (e.k === 'assign' && e.op === '=' && e.l.k === 'mem') {
    collectExpr(program, env, e.r, signals);
    return;
  }
  if (e.k === 'mem' || (e.k === 'idx' && e.i.k === 'str')) {
    const name = e.k === 'mem' ? e.n : e.i.k === 'str' ? e.i.v : '';
    const isSession = readName(program, evaluate(program, env, e.o), name, sign, signals);
    // `req.session` itself was judged by the name read from it.
    if (isSession) return;
    if (e.k === 'mem' && requestPart(program, evaluate(program, env, e)) === 'session')
      signals.credentials.push({ ...sign, part: 'session' });
  }
  if (e.k === 'call') collectCall(program, env, e, signals, sign);
  if (e.k === 'bin' && EQUALITY.test(e.op) && comparesSignature(program, env, e)) signals.signature.push(sign);
  eachChild(e, child => collectExpr(program, env, child, signals));
}

const EQUALITY = /^[!=]==?$/;

function collectCall(program: Program, env: Env, e: Expr & { k: 'call' }, signals: Signals, sign: Sign): void {
  const callee = present(evaluate(program, env, e.f));
  const name = e.f.k === 'mem' ? e.f.n : e.f.k === 'id' ? e.f.n : '';
  if (e.f.k === 'mem' && (PERMISSION_CALL.test(name) || isAddedCheck(callee, name))) signals.permissions.push(sign);
  if (callee.k === 'api') {
    if (isDecoration(program, callee) && mayProve(program, env, e, name)) signals.opaque = true;
    collectLibraryCall(program, env, e, callee, signals, sign);
    return;
  }
  if (callee.k !== 'unknown' && callee.k !== 'param') return;
  if (VALIDATING.test(name) && e.f.k === 'mem' && !isBuiltIn(e.f.o)) {
    for (const part of partsIn(program, env, e.a)) signals.validates.add(part);
    if (e.a.length > 0) return;
  }
  if (name === 'next') return;
  if (mayProve(program, env, e, name)) signals.opaque = true;
  if (handsOnCredential(program, env, e)) signals.defers = true;
}

function isAddedCheck(callee: Value, name: string): boolean {
  return callee.k === 'api' && callee.from !== undefined && isRequest(callee.from) && PERMISSION_OF_REQUEST.test(name);
}

function collectLibraryCall(
  program: Program,
  env: Env,
  e: Expr & { k: 'call' },
  callee: ApiValue,
  signals: Signals,
  sign: Sign,
): void {
  const path = program.adapters.canonical(callee.path);
  const name = e.f.k === 'mem' ? e.f.n : '';
  // `const auth = basicAuth(options); return auth(c, next)`: a ready-made guard, run by hand.
  const known = callee.made && !e.new ? program.adapters.middleware(path) : undefined;
  const roles = typeof known === 'function' ? known(callee) : known;
  if (roles?.includes('authenticates') && e.a.length > 0) {
    signals.verifies.push(sign);
    signals.rejects.push(sign);
  }
  if (roles?.includes('verifies-signature') && e.a.length > 0) signals.signature.push(sign);
  const drafts = program.adapters.operation(path)?.read({
    callee,
    site: { file: env.unit.path, call: e, env, args: [] },
    chain: [],
    end: 'argument',
    arg: position => e.a[position],
    value: position => (e.a[position] ? evaluate(program, env, e.a[position]) : undefined),
  });
  const { kind, is } = (drafts && ('kind' in drafts ? drafts : drafts[0])) ?? {};
  if (kind === 'jwt-verify' || kind === 'identity-read' || kind === 'constant-time-compare')
    signals.verifies.push(sign);
  // A session that is not there is no error; a token that does not hold is one.
  if (kind === 'jwt-verify' || (kind === 'identity-read' && is?.['throws'])) signals.proves = true;
  // Who asks for the session, rather than for what a token in the body says, asks who is calling.
  const given = e.a.flatMap(arg => partsOfValue(evaluate(program, env, arg)));
  if (kind === 'identity-read' && !given.some(value => isSent(program, value))) signals.credentials.push(sign);
  if (kind === 'signature-verify' || (!kind && checksSignature(program, env, e))) signals.signature.push(sign);
  if (kind === 'hmac') signals.signature.push({ ...sign, isHash: true });
  if (!kind && isForeign(program, callee) && (handsOnCredential(program, env, e) || handsOnRequest(program, env, e)))
    signals.defers = true;
  if (kind === 'validate') {
    const named = drafts && 'kind' in drafts ? drafts.is?.['part'] : undefined;
    // Schemas on a request's own methods: `c.req.valid`, `matchedData`.
    const parts = typeof named === 'string' ? [named as Part] : partsIn(program, env, e.a);
    for (const part of parts) signals.validates.add(part);
  } else if (asksSchema(name, path, e.a.length) && !requestOrigin(program, callee)) {
    for (const part of partsIn(program, env, e.a)) signals.validates.add(part);
  }
  const [of, asked] = e.a;
  const first = of && evaluate(program, env, of);
  // `getHeader(event, 'authorization')` too.
  const text = stringOf(first?.k === 'api' && asked?.k === 'str' ? evaluate(program, env, asked) : first);
  if (text !== undefined && (isCredentialName(text) || FORGERY.test(text))) {
    const owner = e.f.k === 'mem' ? evaluate(program, env, e.f.o) : undefined;
    const part =
      requestPart(program, callee) ??
      requestPart(program, evaluate(program, env, e)) ??
      (owner && requestPart(program, owner));
    const isCredential = isCredentialName(text);
    if (part === 'headers' || part === 'cookies')
      (isCredential ? signals.credentials : signals.forgery).push({ ...sign, part });
  }
  if (name === 'isAuthenticated' || name === 'isUnauthenticated')
    signals.credentials.push({ ...sign, part: 'session' });
  if (name === 'consume' && /rate-limiter-flexible/.test(path)) signals.limits = true;
}
