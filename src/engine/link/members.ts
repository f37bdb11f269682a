import type { Expr, Stmt } from '../model/facts.ts';
import { arrayMember, objectMember } from './builtins.ts';
import { typeValue } from './declared.ts';
import { addedTo, createEnv } from './env.ts';
import { evaluate } from './evaluate.ts';
import { bodyToRun } from './kept/reads.ts';
import type { Program } from './program.ts';
import type { RouterObject } from './router.ts';
import {
  type ApiValue,
  api,
  type ClassValue,
  type Env,
  type InstanceValue,
  PENDING,
  UNDEFINED,
  UNKNOWN,
  union,
  type Value,
} from './values.ts';

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

/** Reads a property of a value. */
export function member(program: Program, value: Value, name: string): Value {
  switch (value.k) {
    case 'object':
      return value.props.get(name) ?? objectMember(name) ?? (value.open ? UNKNOWN : UNDEFINED);
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
      return addedTo(value, name) ?? UNKNOWN;
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
  const { cells } = program;
  const { fields, of } = instance;
  const known = fields.get(name);
  if (known === PENDING) cells.cut(fields, name);
  if (known) {
    cells.read(of.cls);
    return known === PENDING ? UNKNOWN : known;
  }
  const before = cells.enter(of.cls);
  fields.set(name, PENDING);
  cells.keep(fields, name);
  cells.begin(fields, name);
  const value = declaredMember(program, instance, of, name, 0);
  cells.end();
  fields.set(name, value);
  cells.leave(before);
  return value;
}

export function declaredMember(
  program: Program,
  self: InstanceValue,
  of: ClassValue,
  name: string,
  depth: number,
): Value {
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
  const base = (depth < 6 ? program.baseOf(of) : undefined) ?? UNKNOWN;
  if (base.k === 'class') return declaredMember(program, self, base, name, depth + 1);
  if (base.k === 'api') return apiMember(program, { ...base, inst: true }, name);
  return UNKNOWN;
}

/** A field the constructor declares (`private x: X`) or assigns (`this.x = …`). */
function constructed(program: Program, self: InstanceValue, { cls, env }: ClassValue, name: string): Value {
  const ctor = cls.members.find(one => one.kind === 'ctor');
  const fn = ctor?.f === undefined ? undefined : env.unit.facts.functions[ctor.f];
  if (!fn) return UNKNOWN;
  for (const param of fn.params) {
    if (!param.field || param.pat.k !== 'pid' || param.pat.n !== name) continue;
    const injected = program.injected(env, param);
    return injected ?? (param.t ? typeValue(program, env, param.t) : UNKNOWN);
  }
  const { cells } = program;
  const find = (): Expr | undefined => assignedIn(bodyToRun(fn), name);
  if (cells.isSettled) cells.readFn(fn);
  const assigned = cells.isSettled ? find() : cells.rely(fn, find);
  return assigned ? evaluate(program, createEnv(env.unit, fn, env, true, self), assigned) : UNKNOWN;
}

/** What a constructor's own statements set a field to. */
function assignedIn(body: readonly Stmt[], name: string): Expr | undefined {
  for (const stmt of body) {
    if (stmt.k !== 'expr' || stmt.e.k !== 'assign' || stmt.e.l.k !== 'mem') continue;
    if (stmt.e.l.o.k === 'this' && stmt.e.l.n === name) return stmt.e.r;
  }
  return undefined;
}

function staticMember(program: Program, of: ClassValue, name: string): Value {
  for (const one of of.cls.members) {
    if (one.n !== name || !one.static) continue;
    const fn = one.f === undefined ? undefined : of.env.unit.facts.functions[one.f];
    if (fn) return { k: 'func', file: of.file, fn, env: of.env, self: of };
    if (one.init) return evaluate(program, of.env, one.init);
  }
  const base = program.baseOf(of) ?? UNKNOWN;
  return base.k === 'class' || base.k === 'api' ? member(program, base, name) : UNKNOWN;
}
