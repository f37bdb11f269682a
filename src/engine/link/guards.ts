import type { Evidence } from '../model/finding.ts';
import { methodOf } from './call-index.ts';
import type { MiddlewareRole } from './endpoint.ts';
import type { Program } from './program.ts';
import { type Signals, signalsOf } from './signals.ts';
import { type ApiValue, alternatives, type FuncValue, type Value } from './values.ts';

export interface Classification {
  readonly roles: readonly MiddlewareRole[];
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

const cache = new WeakMap<Program, Map<unknown, Classification>>();

/** What a step on the way to a handler does, by what it is made of; a name proves nothing. */
export function classify(program: Program, value: Value): Classification {
  let known = cache.get(program);
  if (!known) {
    known = new Map();
    cache.set(program, known);
  }
  const key = value.k === 'func' ? value.fn : value.k === 'class' ? value.cls : value;
  const found = known.get(key);
  if (found) return found;
  known.set(key, UNSEEN);
  const result = classifyValue(program, value);
  known.set(key, result);
  return result;
}

const UNSEEN: Classification = { roles: ['unknown'], why: 'cannot be seen through', evidence: [] };

function classifyValue(program: Program, value: Value): Classification {
  switch (value.k) {
    case 'func':
      return fromSignals(program, value);
    case 'api':
      return fromLibrary(program, value);
    case 'class':
    case 'instance': {
      const cls = value.k === 'class' ? value : value.of;
      const method = ENTRY_METHODS.map(name => methodOf(program, cls, name)).find(one => one !== undefined);
      if (method) return fromSignals(program, method);
      const base = cls.cls.ext ? program.adapters.middleware(basePath(program, cls)) : undefined;
      return base && typeof base !== 'function'
        ? { roles: base, why: `extends ${basePath(program, cls)}`, evidence: [] }
        : UNSEEN;
    }
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
const ENTRY_METHODS = ['canActivate', 'use', 'handleRequest', 'transform', 'intercept', 'handle'];

function basePath(program: Program, cls: Value & { k: 'class' }): string {
  const ext = cls.cls.ext;
  if (!ext) return '';
  const value = program.typeNamed(cls.env.unit, ext.k === 'id' ? ext.n : '');
  return value.k === 'api' ? value.path : ext.k === 'call' ? callPath(program, cls) : '';
}

/** `class JwtGuard extends AuthGuard('jwt')`. */
function callPath(program: Program, { cls, env }: Value & { k: 'class' }): string {
  const f = cls.ext?.k === 'call' ? cls.ext.f : undefined;
  const value = f?.k === 'id' ? program.imported(env.unit, f.n) : undefined;
  return value?.k === 'api' ? `${value.path}()` : '';
}

function fromLibrary(program: Program, value: ApiValue): Classification {
  const path = program.adapters.canonical(value.path);
  const known = program.adapters.middleware(path);
  if (known) {
    const roles = typeof known === 'function' ? known(value) : known;
    return { roles, why: `${path} is known`, evidence: [] };
  }
  // A wrapper such as asyncHandler(fn) does what the wrapped function does.
  const wrapped = value.made?.args.find(arg => arg.k === 'func');
  if (wrapped?.k === 'func') return fromSignals(program, wrapped);
  return { roles: ['unknown'], why: `${path} is not known`, evidence: [] };
}

function fromSignals(program: Program, func: FuncValue): Classification {
  const signals = signalsOf(program, func);
  const roles: MiddlewareRole[] = [];
  const evidence: Evidence[] = [];
  const show = (list: Signals['rejects'], message: string): void => {
    for (const { span } of list.slice(0, 2)) evidence.push({ span, message });
  };
  const denies = signals.rejects.length > 0 && !signals.passesAfterReject && !signals.optional;
  if (denies && (signals.credentials.length > 0 || signals.verifies.length > 0)) {
    roles.push('authenticates');
    show(signals.credentials, 'reads the caller’s credential');
    show(signals.verifies, 'verifies it');
    show(signals.rejects, 'turns the caller away');
  }
  if (denies && signals.permissions.length > 0) {
    roles.push('authorizes');
    show(signals.permissions, 'looks at the caller’s role or permission');
  }
  for (const part of signals.validates) roles.push(`validates-${part}` as MiddlewareRole);
  if (signals.limits) roles.push('limits-rate');
  if (signals.signature.length > 0) {
    roles.push('verifies-signature');
    show(signals.signature, 'checks the sender’s signature');
  }
  if (roles.length === 0 && signals.opaque)
    return { roles: ['unknown'], why: `${nameOf(func)} calls code that cannot be seen through`, evidence: [] };
  if (roles.length === 0) return { roles: ['neutral'], why: `${nameOf(func)} lets every request pass`, evidence: [] };
  return { roles, why: `${nameOf(func)} ${roles.map(role => ROLE_WORDS[role] ?? role).join(' and ')}`, evidence };
}

const ROLE_WORDS: Partial<Record<MiddlewareRole, string>> = {
  authenticates: 'checks who is calling',
  authorizes: 'checks what the caller may do',
  'validates-body': 'validates the body',
  'validates-query': 'validates the query',
  'validates-params': 'validates the parameters',
  'validates-headers': 'validates the headers',
  'limits-rate': 'limits the rate',
  'verifies-signature': 'verifies a signature',
};

function nameOf({ fn }: FuncValue): string {
  return fn.name || 'an anonymous function';
}
