import type { FunctionFact } from '../model/facts.ts';
import type { Evidence } from '../model/finding.ts';
import { methodOf } from './call-index.ts';
import type { MiddlewareRole } from './endpoint.ts';
import { eachExprIn, eachStmt, innerFunctions } from './env.ts';
import type { Program } from './program.ts';
import type { Part } from './request-value.ts';
import { type Signals, signalsOf } from './signals.ts';
import { type ApiValue, alternatives, type ClassValue, type FuncValue, type Value } from './values.ts';
import { capturedSteps, type Wrapping, wrappingOf } from './wrappers.ts';

export interface Classification {
  readonly roles: readonly MiddlewareRole[];
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** It reads a credential that came with the request, rather than only verifying some token. */
  readonly readsCredential?: boolean;
  /** It turns callers away, though not by a credential that it was seen to look at. */
  readonly turnsAway?: boolean;
  /** It leaves the caller's credential to code that cannot be seen. */
  readonly defers?: boolean;
  /** The parts of the request its credential comes with. */
  readonly credentials?: readonly Part[];
}

const cache = new WeakMap<Program, Map<object | string, Classification>>();

/** What a step on the way to a handler does, by what it is made of; a name proves nothing. */
export function classify(program: Program, value: Value): Classification {
  let known = cache.get(program);
  if (!known) {
    known = new Map();
    cache.set(program, known);
  }
  const key = value.k === 'func' ? (capturedSteps(value) ?? value.fn) : value.k === 'class' ? value.cls : value;
  const { cells } = program;
  cells.meet(known, key);
  const found = known.get(key);
  if (found === PENDING) cells.cut(known, key);
  if (found) return found;
  const before = cells.open(known, key);
  known.set(key, PENDING);
  cells.keep(known, key);
  cells.begin(known, key);
  const result = classifyValue(program, value);
  cells.end();
  known.set(key, result);
  cells.close(known, key, before);
  return result;
}

const wrappers = new WeakMap<Program, Map<FunctionFact | string, Classification>>();

/** The same for a function around a handler: what it does before it runs what it was given. */
export function classifyWrapper(program: Program, func: FuncValue): Classification {
  let known = wrappers.get(program);
  if (!known) {
    known = new Map();
    wrappers.set(program, known);
  }
  const key = capturedSteps(func) ?? func.fn;
  const { cells } = program;
  cells.meet(known, key);
  const found = known.get(key);
  if (found) return found;
  const before = cells.open(known, key);
  for (const one of [func.fn, ...innerFunctions(func.env.unit.facts, func.fn)]) cells.read(one);
  const result = fromSignals(program, func, wrappingOf(func));
  known.set(key, result);
  cells.keep(known, key);
  cells.close(known, key, before);
  return result;
}

/** Stands where a step is being classified. */
const PENDING: Classification = { roles: ['unknown'], why: 'cannot be seen through', evidence: [] };
const UNSEEN: Classification = { roles: ['unknown'], why: 'cannot be seen through', evidence: [] };

function classifyValue(program: Program, value: Value): Classification {
  switch (value.k) {
    case 'func':
      return fromSignals(program, value);
    case 'api':
      return fromLibrary(program, value);
    case 'class':
      return fromClass(program, value);
    case 'instance':
      return fromClass(program, value.of);
    case 'union': {
      const all = alternatives(value).map(one => classify(program, one));
      const [first] = all;
      const shared = first!.roles.filter(role => all.every(one => one.roles.includes(role)));
      return { roles: shared.length ? shared : ['unknown'], why: first!.why, evidence: first!.evidence };
    }
    default:
      return UNSEEN;
  }
}

/** Methods a framework calls on guard, middleware, pipe and interceptor classes. */
const ENTRY_METHODS = ['canActivate', 'use', 'transform', 'intercept', 'handle'];

function fromClass(program: Program, cls: ClassValue): Classification {
  const base = baseOf(program, cls);
  for (const name of ENTRY_METHODS) {
    const method = methodOf(program, cls, name);
    if (!method) continue;
    const own = fromSignals(program, method);
    program.cells.read(method.fn);
    return base && callsSuper(method.fn, name) ? merge(own, base) : own;
  }
  return base ?? UNSEEN;
}

/** What the library class does that a project class extends; a `handleRequest` that never refuses undoes it. */
function baseOf(program: Program, cls: ClassValue): Classification | undefined {
  let at: Value = cls;
  for (let depth = 0; at.k === 'class' && depth < 6; depth++) {
    const base = program.baseOf(at);
    if (!base) return undefined;
    at = base;
  }
  if (at.k !== 'api') return undefined;
  const { roles, evidence } = fromLibrary(program, at);
  const handle = methodOf(program, cls, 'handleRequest');
  if (handle) program.cells.read(handle.fn);
  if (handle && roles.includes('authenticates') && !refuses(handle.fn))
    return { roles: ['neutral'], why: `${cls.cls.name} lets callers without a user pass`, evidence };
  const path = program.adapters.canonical(at.path);
  return {
    roles,
    why: roles.includes('unknown') ? `${path} is not known` : `${cls.cls.name} extends ${path}`,
    evidence,
  };
}

function refuses(fn: FunctionFact): boolean {
  let found = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'throw') found = true;
  });
  eachExprIn(fn, e => {
    // `return super.handleRequest(…)` refuses like its base; a call of the project's own may.
    if (e.k === 'call' && (e.f.k === 'id' || (e.f.k === 'mem' && (e.f.o.k === 'super' || e.f.o.k === 'this'))))
      found = true;
  });
  return found;
}

function callsSuper(fn: FunctionFact, name: string): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'mem' && e.o.k === 'super' && e.n === name) found = true;
  });
  return found;
}

function merge(own: Classification, base: Classification): Classification {
  const roles = [...new Set([...own.roles, ...base.roles])].filter(role => role !== 'neutral');
  // What the own part does not show, the base settles.
  const known = base.roles.includes('unknown') ? roles : roles.filter(role => role !== 'unknown');
  return { roles: known.length ? known : ['neutral'], why: base.why, evidence: [...own.evidence, ...base.evidence] };
}

function fromLibrary(program: Program, value: ApiValue): Classification {
  const path = program.adapters.canonical(value.path);
  const known = program.adapters.middleware(path);
  if (known) {
    const roles = typeof known === 'function' ? known(value) : known;
    return { roles, why: `${path} ${inWords(roles)}`, evidence: [] };
  }
  // A wrapper such as asyncHandler(fn) does what the wrapped function does.
  const wrapped = value.made?.args.find(arg => arg.k === 'func');
  if (wrapped?.k === 'func') return fromSignals(program, wrapped);
  return { roles: ['unknown'], why: `${path} is not known`, evidence: [] };
}

function fromSignals(program: Program, func: FuncValue, wrapping?: Wrapping): Classification {
  const signals = signalsOf(program, func, wrapping);
  const roles: MiddlewareRole[] = [];
  const evidence: Evidence[] = [];
  const show = (list: Signals['rejects'], message: string): void => {
    for (const { span } of list.slice(0, 1)) evidence.push({ span, message });
  };
  const denies = (signals.rejects.length > 0 || signals.throws) && !signals.passesAfterReject && !signals.optional;
  const isAsked = signals.credentials.length > 0 && !asksAfterwards(func, signals);
  if (denies && (isAsked || signals.verifies.length > 0)) {
    roles.push('authenticates');
    show(signals.credentials, 'reads the caller’s credential');
    show(signals.verifies, 'verifies it');
    show(signals.rejects, 'turns the caller away');
  }
  if (denies && signals.permissions.length > 0) {
    roles.push('authorizes');
    show(signals.permissions, 'looks at the caller’s role or permission');
  }
  for (const part of signals.validates) {
    const role = VALIDATES[part];
    if (role && !roles.includes(role)) roles.push(role);
  }
  if (signals.limits) roles.push('limits-rate');
  if (signals.signature.length > 0) {
    roles.push('verifies-signature');
    show(signals.signature, 'checks the sender’s signature');
  }
  // Who sent the request says nothing about what else the function does.
  if (signals.forgery.length > 0 && signals.rejects.length > 0) {
    if (roles.length === 0 && (signals.opaque || signals.defers)) roles.push('unknown');
    else if (roles.length === 0 && signals.optional) roles.push('recognises');
    roles.push('csrf');
  }
  const name = nameOf(func);
  const unseen = denies && signals.rejects.length > 0 && !roles.includes('authenticates') ? { turnsAway: true } : {};
  if (roles.length > 0)
    return {
      ...unseen,
      roles,
      credentials: [...new Set(signals.credentials.flatMap(({ part }) => part ?? []))],
      why: `${name} ${inWords(roles)}`,
      evidence,
      readsCredential: isAsked,
    };
  if (signals.opaque || signals.defers) {
    const why = `${name} calls code that cannot be seen through`;
    return { roles: ['unknown'], why, evidence, defers: signals.defers, ...unseen };
  }
  const why = signals.passesAfterReject
    ? `${name} answers but goes on all the same`
    : signals.optional
      ? `${name} lets callers without a credential pass`
      : `${name} turns nobody away`;
  return {
    roles: [signals.optional && !signals.passesAfterReject ? 'recognises' : 'neutral'],
    why,
    evidence,
    ...unseen,
  };
}

/** Who was turned away before anybody looked at a credential was so for another reason: a password that is wrong. */
function asksAfterwards({ file, fn }: FuncValue, { credentials, rejects }: Signals): boolean {
  const isOwn = ({ span }: Signals['rejects'][number]): boolean =>
    span.file === file && span.start >= fn.p[0] && span.end <= fn.p[1];
  if (rejects.length === 0 || ![...credentials, ...rejects].every(isOwn)) return false;
  const last = Math.max(...rejects.map(({ span }) => span.end));
  return credentials.every(({ span }) => span.start > last);
}

const VALIDATES: Readonly<Partial<Record<string, MiddlewareRole>>> = {
  body: 'validates-body',
  files: 'validates-body',
  query: 'validates-query',
  params: 'validates-params',
  headers: 'validates-headers',
};

const ROLE_WORDS: Partial<Record<MiddlewareRole, string>> = {
  authenticates: 'checks who is calling',
  authorizes: 'checks what the caller may do',
  'validates-body': 'validates the body',
  'validates-query': 'validates the query',
  'validates-params': 'validates the parameters',
  'validates-headers': 'validates the headers',
  'limits-rate': 'limits the rate',
  csrf: 'checks which page sent the request',
  'verifies-signature': 'verifies a signature',
  'serves-graphql': 'answers for a GraphQL schema',
};

function inWords(roles: readonly MiddlewareRole[]): string {
  if (roles.includes('unknown')) return 'cannot be seen through';
  return roles.flatMap(role => ROLE_WORDS[role] ?? []).join(' and ') || 'turns nobody away';
}

/** What a factory returns is called by the factory: `validateBody(…)`. */
function nameOf({ fn, env }: FuncValue): string {
  if (fn.name) return fn.name;
  return env.fn.name && !env.isStatic ? `${env.fn.name}(…)` : 'an anonymous function';
}
