import { type Expr, type ExprOf, GLOBAL, type Param, type Pattern, type TypeRef } from '../model/facts.ts';
import { arrayMember, callBuiltin, objectMember } from './builtins.ts';
import { callbackSite } from './callbacks.ts';
import { type Binding, type BindingSource, bindingsOf, createEnv, envOf, selfOf } from './env.ts';
import { assignTarget } from './execute.ts';
import type { Program } from './program.ts';
import type { RouterObject } from './router.ts';
import {
  type ApiValue,
  alternatives,
  api,
  type ClassValue,
  constant,
  type Env,
  type InstanceValue,
  stringOf,
  truthiness,
  UNDEFINED,
  UNKNOWN,
  union,
  type Value,
} from './values.ts';

const DEPTH = 60;

/** What an expression is known to be in an environment. Total: anything not understood is unknown. */
export function evaluate(program: Program, env: Env, e: Expr): Value {
  if (program.depth > DEPTH) return UNKNOWN;
  program.depth++;
  try {
    return evaluateKind(program, env, e);
  } finally {
    program.depth--;
  }
}

function evaluateKind(program: Program, env: Env, e: Expr): Value {
  switch (e.k) {
    case 'str':
    case 'num':
    case 'bool':
      return constant(e.v);
    case 'nil':
      return constant(e.v === 'null' ? null : undefined);
    case 'regex':
      return { k: 'regex', source: e.v, flags: e.flags };
    case 'tpl':
      return template(program, env, e);
    case 'id':
      return lookup(program, env, e);
    case 'this':
      return selfOf(env) ?? UNKNOWN;
    case 'mem':
      return memberOf(program, env, e);
    case 'idx':
      return index(program, env, e);
    case 'call':
      return call(program, env, e);
    case 'fn': {
      const fn = env.unit.facts.functions[e.f];
      return fn ? { k: 'func', file: env.unit.path, fn, env, ...keepSelf(env) } : UNKNOWN;
    }
    case 'class': {
      const cls = env.unit.facts.classes[e.c];
      return cls ? { k: 'class', file: env.unit.path, cls, env } : UNKNOWN;
    }
    case 'obj':
      return object(program, env, e);
    case 'arr':
      return array(program, env, e);
    case 'await':
    case 'as':
      return evaluate(program, env, e.e);
    case 'bin':
      return binary(program, env, e);
    case 'log':
      return logical(program, env, e);
    case 'un':
      return unary(program, env, e);
    case 'cond': {
      const test = truthiness(evaluate(program, env, e.t));
      if (test !== undefined) return evaluate(program, env, test ? e.a : e.b);
      return union([evaluate(program, env, e.a), evaluate(program, env, e.b)]);
    }
    case 'assign':
      return assign(program, env, e);
    case 'seq':
      return e.e.map(one => evaluate(program, env, one)).at(-1) ?? UNKNOWN;
    case 'import': {
      const specifier = evaluate(program, env, e.e);
      return specifier.k === 'const' && typeof specifier.v === 'string'
        ? program.importNamespace(env.unit.path, specifier.v)
        : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function keepSelf(env: Env): { self?: Value } {
  const self = selfOf(env);
  return self ? { self } : {};
}

function lookup(program: Program, env: Env, e: ExprOf<'id'>): Value {
  if (e.s === GLOBAL) return program.global(e.n);
  const owner = envOf(env, e.s);
  if (!owner) return UNKNOWN;
  const known = owner.vars.get(e.n);
  if (known) return known;
  if (e.s === 0) {
    const imported = program.imported(env.unit, e.n);
    if (imported) return imported;
  }
  return owner.isStatic || e.s === 0 ? declared(program, owner, e.n) : UNKNOWN;
}

/** A name's value from its declarations, for code that nobody executed. */
function declared(program: Program, env: Env, name: string): Value {
  env.vars.set(name, UNKNOWN);
  const value = declaredValue(program, env, name);
  env.vars.set(name, value);
  return value;
}

function declaredValue(program: Program, env: Env, name: string): Value {
  const binding = bindingsOf(env.fn).get(name);
  if (binding) return bindingValue(program, env, binding);
  for (const [position, param] of env.fn.params.entries()) {
    const found = paramValue(program, env, param, position, name);
    if (found) return found;
  }
  return env.unit.facts.types.some(type => type.kind === 'enum' && type.name === name)
    ? program.enumValue(env.unit, name)
    : UNKNOWN;
}

function bindingValue(program: Program, env: Env, { sources, type }: Binding): Value {
  const values = sources.slice(0, 6).map(source => sourceValue(program, env, source));
  const known = union(values.filter(value => value.k !== 'unknown' && !(value.k === 'const' && value.v === null)));
  // `let pool: Pool;` or `const db = thing as Db`: a declared type is better than nothing.
  if (type && values.every(value => value.k === 'unknown' || (value.k === 'const' && value.v == null)))
    return typeValue(program, env, type);
  if (known.k === 'unknown') return UNKNOWN;
  return values.some(value => value.k === 'unknown') ? (known.k === 'const' ? union([known, UNKNOWN]) : known) : known;
}

function sourceValue(program: Program, env: Env, source: BindingSource): Value {
  if (source.fn !== undefined) {
    const fn = env.unit.facts.functions[source.fn];
    return fn ? { k: 'func', file: env.unit.path, fn, env, ...keepSelf(env) } : UNKNOWN;
  }
  if (source.cls !== undefined) {
    const cls = env.unit.facts.classes[source.cls];
    return cls ? { k: 'class', file: env.unit.path, cls, env } : UNKNOWN;
  }
  if (!source.from) return UNKNOWN;
  let value = evaluate(program, env, source.from);
  if (source.element) value = value.k === 'array' && !value.open ? union(value.items) : UNKNOWN;
  for (const step of source.path) value = member(program, value, String(step));
  if (source.fallback && (value.k === 'unknown' || (value.k === 'const' && value.v === undefined))) {
    return union([value, evaluate(program, env, source.fallback)]);
  }
  return value;
}

function paramValue(program: Program, env: Env, param: Param, position: number, name: string): Value | undefined {
  const path = pathTo(param.pat, name);
  if (!path) return undefined;
  const given = env.vars.get(`#${position}`);
  let value = given ?? program.paramRole(env, position) ?? (param.t ? typeValue(program, env, param.t) : UNKNOWN);
  if (value.k === 'unknown') value = callbackParam(program, env, position) ?? value;
  if (value.k === 'unknown' && path.length === 0)
    value = { k: 'param', fn: env.fn, file: env.unit.path, index: position };
  if (value.k === 'unknown' && param.d) value = evaluate(program, env, param.d);
  for (const step of path) value = member(program, value, step);
  return value;
}

/** What a library calls a function with that was written as an argument: `pool.connect((error, client) => …)`. */
function callbackParam(program: Program, env: Env, position: number): Value | undefined {
  const site = env.parent && callbackSite(env.unit.facts, env.fn);
  if (!site) return undefined;
  for (const callee of alternatives(evaluate(program, env.parent!, site.call.f))) {
    const path = callee.k === 'api' && program.adapters.canonical(callee.path);
    const type = path ? program.adapters.callbackParams(path)?.[position] : undefined;
    if (type !== undefined) return { k: 'api', path: type, inst: true };
  }
  return undefined;
}

/** Steps from a pattern to the name it binds. */
export function pathTo(pattern: Pattern, name: string): readonly string[] | undefined {
  if (pattern.k === 'pid') return pattern.n === name ? [] : undefined;
  if (pattern.k === 'pobj') {
    for (const { key, v } of pattern.props) {
      const rest = pathTo(v, name);
      if (rest) return typeof key === 'string' ? [key, ...rest] : undefined;
    }
  } else if (pattern.k === 'parr') {
    for (const [position, item] of pattern.items.entries()) {
      const rest = item && pathTo(item.v, name);
      if (rest) return [String(position), ...rest];
    }
  }
  return undefined;
}

/** What a value of a declared type is: an instance of a project class, or of a library's type. */
export function typeValue(program: Program, env: Env, type: TypeRef): Value {
  if (type.array || type.union || !type.n) return UNKNOWN;
  const [root, ...rest] = type.n.split('.');
  if (!root || PRIMITIVES.has(root)) return UNKNOWN;
  if ((root === 'Promise' || root === 'Readonly' || root === 'Partial' || root === 'Ref') && type.args?.[0])
    return typeValue(program, env, type.args[0]);
  let value = program.typeNamed(env.unit, root);
  for (const step of rest) value = member(program, value, step);
  if (value.k === 'class') return { k: 'instance', of: value, fields: new Map() };
  return value.k === 'api' ? { ...value, inst: true } : UNKNOWN;
}

const GLOBALS = new Set([
  'fetch',
  'process',
  'crypto',
  'console',
  'Buffer',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
]);

const PRIMITIVES = new Set([
  'string',
  'number',
  'boolean',
  'any',
  'unknown',
  'void',
  'object',
  'never',
  'bigint',
  'undefined',
  'null',
  '?',
  '&',
  'typeof',
]);

/** Reads a property of a value. */
export function member(program: Program, value: Value, name: string): Value {
  switch (value.k) {
    case 'object':
      return value.props.get(name) ?? objectMember(value, name) ?? (value.open ? UNKNOWN : UNDEFINED);
    case 'array':
      return arrayMember(value, name);
    case 'module':
      return program.exported(value.path, name);
    case 'api':
      return apiMember(program, value, name);
    case 'instance':
      return instanceMember(program, value, name);
    case 'class':
      return staticMember(program, value, name);
    case 'union':
      return union(value.of.map(one => member(program, one, name)));
    case 'router':
      return routerMember(value.router, name);
    case 'env':
      return UNKNOWN;
    case 'func':
      return value.env.vars.get(`${value.fn.id}.${name}`) ?? UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** What was decorated onto or assigned to a router or one of its scopes, else a method of routers. */
function routerMember(router: RouterObject, name: string): Value {
  for (let at: RouterObject | undefined = router; at; at = at.parent) {
    const noted = at.notes.get(`.${name}`) ?? at.notes.get(name);
    if (noted) return noted;
  }
  return { k: 'api', path: `~router#${name}`, inst: false };
}

function apiMember(program: Program, value: ApiValue, name: string): Value {
  if (name === 'default') return value;
  if (value.path === 'process' && name === 'env') return api('process.env');
  if (value.path === 'process.env') return { k: 'env', name };
  // What a project keeps on the global object is not an API.
  if (value.path === 'globalThis' || value.path === 'global') return GLOBALS.has(name) ? program.global(name) : UNKNOWN;
  const path = `${value.path}${value.inst ? '#' : '.'}${name}`;
  const made = program.adapters.property(path, value);
  return made ?? { k: 'api', path, inst: false, from: value };
}

/** A member of a project class's instance: what the constructor set, what the class declares, what its base has. */
export function instanceMember(program: Program, instance: InstanceValue, name: string): Value {
  const known = instance.fields.get(name);
  if (known) return known;
  instance.fields.set(name, UNKNOWN);
  const value = declaredMember(program, instance, instance.of, name, 0);
  instance.fields.set(name, value);
  return value;
}

function declaredMember(program: Program, self: InstanceValue, of: ClassValue, name: string, depth: number): Value {
  const { cls, env } = of;
  for (const one of cls.members) {
    if (one.n !== name || one.static) continue;
    const fn = one.f === undefined ? undefined : env.unit.facts.functions[one.f];
    if (one.kind === 'method' && fn) return { k: 'func', file: of.file, fn, env, self };
    if (one.kind === 'get' && fn) return program.returns({ k: 'func', file: of.file, fn, env, self }, []);
    if (one.kind === 'field') {
      const scope: Env = { ...createEnv(env.unit, env.fn, env.parent, env.isStatic, self), vars: env.vars };
      const value = one.init ? evaluate(program, scope, one.init) : UNKNOWN;
      if (value.k !== 'unknown') return value;
      const assigned = constructed(program, self, of, name);
      if (assigned.k !== 'unknown') return assigned;
      return one.t ? typeValue(program, env, one.t) : UNKNOWN;
    }
  }
  const field = constructed(program, self, of, name);
  if (field.k !== 'unknown') return field;
  const base = cls.ext && depth < 6 ? evaluate(program, env, cls.ext) : UNKNOWN;
  if (base.k === 'class') return declaredMember(program, self, base, name, depth + 1);
  if (base.k === 'api') return apiMember(program, { ...base, inst: true }, name);
  return UNKNOWN;
}

/** A field the constructor declares (`private x: X`) or assigns (`this.x = …`). */
function constructed(program: Program, self: InstanceValue, { cls, env }: ClassValue, name: string): Value {
  const ctor = cls.members.find(one => one.kind === 'ctor');
  const fn = ctor?.f === undefined ? undefined : env.unit.facts.functions[ctor.f];
  if (!fn) return UNKNOWN;
  const scope = createEnv(env.unit, fn, env, true, self);
  for (const param of fn.params) {
    if (!param.field || param.pat.k !== 'pid' || param.pat.n !== name) continue;
    const injected = program.injected(env, param);
    return injected ?? (param.t ? typeValue(program, env, param.t) : UNKNOWN);
  }
  for (const stmt of fn.body) {
    if (stmt.k !== 'expr' || stmt.e.k !== 'assign' || stmt.e.l.k !== 'mem') continue;
    if (stmt.e.l.o.k === 'this' && stmt.e.l.n === name) return evaluate(program, scope, stmt.e.r);
  }
  return UNKNOWN;
}

function staticMember(program: Program, of: ClassValue, name: string): Value {
  for (const one of of.cls.members) {
    if (one.n !== name || !one.static) continue;
    const fn = one.f === undefined ? undefined : of.env.unit.facts.functions[one.f];
    if (fn) return { k: 'func', file: of.file, fn, env: of.env, self: of };
    if (one.init) return evaluate(program, of.env, one.init);
  }
  const base = of.cls.ext ? evaluate(program, of.env, of.cls.ext) : UNKNOWN;
  return base.k === 'class' || base.k === 'api' ? member(program, base, name) : UNKNOWN;
}

function memberOf(program: Program, env: Env, e: ExprOf<'mem'>): Value {
  if (e.o.k === 'super') {
    const self = selfOf(env);
    const base = self?.k === 'instance' && self.of.cls.ext ? evaluate(program, self.of.env, self.of.cls.ext) : UNKNOWN;
    return base.k === 'class' && self?.k === 'instance' ? declaredMember(program, self, base, e.n, 0) : UNKNOWN;
  }
  return member(program, evaluate(program, env, e.o), e.n);
}

function index(program: Program, env: Env, e: ExprOf<'idx'>): Value {
  const target = evaluate(program, env, e.o);
  const key = evaluate(program, env, e.i);
  if (key.k === 'const' && (typeof key.v === 'string' || typeof key.v === 'number'))
    return member(program, target, String(key.v));
  if (target.k === 'array' && !target.open) return union(target.items);
  if (target.k === 'object' && !target.open) return union([...target.props.values()]);
  if (target.k === 'api')
    return { k: 'api', path: `${target.path}${target.inst ? '#' : '.'}*`, inst: false, from: target };
  return UNKNOWN;
}

/** Evaluates a call's arguments, spreads of known arrays laid out. */
export function argumentsOf(program: Program, env: Env, args: readonly Expr[]): Value[] {
  const out: Value[] = [];
  for (const argument of args) {
    if (argument.k !== 'spread') {
      out.push(evaluate(program, env, argument));
      continue;
    }
    const spread = evaluate(program, env, argument.e);
    if (spread.k === 'array') out.push(...spread.items);
    else out.push(UNKNOWN);
  }
  return out;
}

function call(program: Program, env: Env, e: ExprOf<'call'>): Value {
  const { f } = e;
  if (f.k === 'super') return program.superCall(env, e);
  // The receiver is worked out once: running it twice would repeat its effects, and double at every link of a chain.
  if (f.k === 'mem' && f.o.k !== 'super') {
    const receivers = alternatives(evaluate(program, env, f.o));
    const results = receivers.map(receiver => callMethod(program, env, e, receiver, f.n));
    return results.length === 1 ? results[0]! : union(results);
  }
  const callees = alternatives(evaluate(program, env, f));
  const results = callees.map(callee => callOne(program, env, e, callee));
  return results.length === 1 ? results[0]! : union(results);
}

function callMethod(program: Program, env: Env, e: ExprOf<'call'>, receiver: Value, method: string): Value {
  if (receiver.k === 'router') return program.routerCall(env, e, receiver.router, method);
  const builtin = callBuiltin(program, env, e, receiver, method);
  if (builtin) return builtin;
  const callees = alternatives(member(program, receiver, method));
  const results = callees.map(callee => callOne(program, env, e, callee));
  return results.length === 1 ? results[0]! : union(results);
}

function callOne(program: Program, env: Env, e: ExprOf<'call'>, callee: Value): Value {
  if (callee.k === 'func') return program.callFunction(callee, argumentsOf(program, env, e.a), env, e);
  if (callee.k === 'class' && e.new) return program.construct(callee, argumentsOf(program, env, e.a), env, e);
  if (callee.k === 'api') {
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

function template(program: Program, env: Env, e: ExprOf<'tpl'>): Value {
  if (e.tag) {
    const tag = evaluate(program, env, e.tag);
    return tag.k === 'api' ? api(`${tag.path}\`\``, true) : UNKNOWN;
  }
  const parts = e.parts.map(part => (typeof part === 'string' ? part : evaluate(program, env, part)));
  return join(parts);
}

/** Concatenates known and unknown parts of a string. */
export function join(parts: readonly (string | Value)[]): Value {
  const out: (string | Value)[] = [];
  for (const part of parts) {
    const pieces =
      typeof part === 'string'
        ? [part]
        : part.k === 'const'
          ? [String(part.v)]
          : part.k === 'template'
            ? part.parts
            : [part];
    for (const piece of pieces) {
      const last = out.at(-1);
      if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
      else out.push(piece);
    }
  }
  const [only] = out;
  if (out.length === 0) return constant('');
  return out.length === 1 && typeof only === 'string' ? constant(only) : { k: 'template', parts: out };
}

function object(program: Program, env: Env, e: ExprOf<'obj'>): Value {
  const props = new Map<string, Value>();
  let open = false;
  for (const prop of e.props) {
    if (prop.k === 'prop') props.set(prop.n, evaluate(program, env, prop.v));
    else if (prop.k === 'spread') {
      const spread = evaluate(program, env, prop.v);
      if (spread.k === 'object') {
        for (const [name, value] of spread.props) props.set(name, value);
        open ||= spread.open;
      } else if (!(spread.k === 'const')) open = true;
    } else {
      const name = evaluate(program, env, prop.n);
      if (name.k === 'const' && name.v != null) props.set(String(name.v), evaluate(program, env, prop.v));
      else open = true;
    }
  }
  return { k: 'object', props, open, file: env.unit.path, p: e.p };
}

function array(program: Program, env: Env, e: ExprOf<'arr'>): Value {
  const items: Value[] = [];
  let open = false;
  for (const element of e.e) {
    if (element.k !== 'spread') {
      items.push(evaluate(program, env, element));
      continue;
    }
    const spread = evaluate(program, env, element.e);
    if (spread.k === 'array') {
      items.push(...spread.items);
      open ||= spread.open;
    } else open = true;
  }
  return { k: 'array', items, open };
}

function binary(program: Program, env: Env, e: ExprOf<'bin'>): Value {
  const l = evaluate(program, env, e.l);
  const r = evaluate(program, env, e.r);
  if (e.op === '+') {
    if (l.k === 'const' && r.k === 'const' && typeof l.v === 'number' && typeof r.v === 'number')
      return constant(l.v + r.v);
    const isText = (value: Value): boolean =>
      (value.k === 'const' && typeof value.v === 'string') || value.k === 'template';
    return isText(l) || isText(r) ? join([l, r]) : UNKNOWN;
  }
  if (l.k !== 'const' || r.k !== 'const') return UNKNOWN;
  switch (e.op) {
    case '===':
    case '==':
      return constant(l.v === r.v);
    case '!==':
    case '!=':
      return constant(l.v !== r.v);
    case '*':
      return typeof l.v === 'number' && typeof r.v === 'number' ? constant(l.v * r.v) : UNKNOWN;
    case '-':
      return typeof l.v === 'number' && typeof r.v === 'number' ? constant(l.v - r.v) : UNKNOWN;
    case '/':
      return typeof l.v === 'number' && typeof r.v === 'number' ? constant(l.v / r.v) : UNKNOWN;
    case '**':
      return typeof l.v === 'number' && typeof r.v === 'number' ? constant(l.v ** r.v) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function logical(program: Program, env: Env, e: ExprOf<'log'>): Value {
  const l = evaluate(program, env, e.l);
  if (e.op === '??') {
    if (l.k === 'const') return l.v == null ? evaluate(program, env, e.r) : l;
    if (l.k !== 'unknown' && l.k !== 'env' && l.k !== 'param' && l.k !== 'union') return l;
    return union([l, evaluate(program, env, e.r)]);
  }
  const test = truthiness(l);
  if (test !== undefined) return test === (e.op === '||') ? l : evaluate(program, env, e.r);
  return union([l, evaluate(program, env, e.r)]);
}

function unary(program: Program, env: Env, e: ExprOf<'un'>): Value {
  const value = evaluate(program, env, e.e);
  if (e.op !== '!') return UNKNOWN;
  const test = truthiness(value);
  return test === undefined ? UNKNOWN : constant(!test);
}

function assign(program: Program, env: Env, e: ExprOf<'assign'>): Value {
  const value = evaluate(program, env, e.r);
  if (!env.isStatic) assignTarget(program, env, e, value);
  return value;
}
