import { MODULE, type Param, type Pattern, type TypeRef } from '../model/facts.ts';
import { callbackSite } from './callbacks.ts';
import { type Binding, type BindingSource, bindingsOf } from './env.ts';
import { evaluate, keepSelf } from './evaluate.ts';
import { reading } from './kept/reads.ts';
import { member } from './members.ts';
import type { Program } from './program.ts';
import { alternatives, type Env, PENDING, UNKNOWN, union, type Value } from './values.ts';

/** A name's value from its declarations, for code that nobody executed. */
export function declared(program: Program, env: Env, name: string): Value {
  const { cells } = program;
  const before = env.fn.id === MODULE ? cells.open(env.vars, name) : cells.enterFn(env.fn);
  env.vars.set(name, PENDING);
  cells.keep(env.vars, name);
  cells.begin(env.vars, name);
  const value = declaredValue(program, env, name);
  cells.end();
  env.vars.set(name, value);
  if (env.fn.id === MODULE) cells.close(env.vars, name, before);
  else cells.leave(before);
  return value;
}

function declaredValue(program: Program, env: Env, name: string): Value {
  // One name is asked for: whoever has entered the values of the function relies on no more.
  const binding = reading(undefined, () => bindingsOf(env.fn)).get(name);
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
  if (env.parent) program.cells.readFn(env.parent.fn);
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
