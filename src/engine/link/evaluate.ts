import { type Expr, type ExprOf, GLOBAL, MODULE } from '../model/facts.ts';
import { call } from './calls.ts';
import { itemsOf } from './collections.ts';
import { declared } from './declared.ts';
import { envOf, selfOf } from './env.ts';
import { assignTarget } from './execute.ts';
import { declaredMember, member } from './members.ts';
import type { Program } from './program.ts';
import { join } from './text.ts';
import { api, constant, type Env, PENDING, truthiness, UNKNOWN, union, type Value } from './values.ts';

const DEPTH = 60;

/** What an expression is known to be in an environment. Total: anything not understood is unknown. */
export function evaluate(program: Program, env: Env, e: Expr): Value {
  const { cells } = program;
  if (program.depth > DEPTH) {
    cells.limited();
    return UNKNOWN;
  }
  program.depth++;
  const before = cells.enterFn(env.fn);
  try {
    return evaluateKind(program, env, e);
  } finally {
    cells.leave(before);
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
      return elementOf(program, evaluate(program, env, e.o), evaluate(program, env, e.i));
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

export function keepSelf(env: Env): { self?: Value } {
  const self = selfOf(env);
  return self ? { self } : {};
}

function lookup(program: Program, env: Env, e: ExprOf<'id'>): Value {
  if (e.s === GLOBAL) return program.adapters.ambient(program, env.unit, e.n) ?? program.global(e.n);
  const owner = envOf(env, e.s);
  if (!owner) return UNKNOWN;
  if (e.s === MODULE) program.cells.meet(owner.vars, e.n);
  else if (owner !== env && program.cells.isSettled) program.cells.readFn(owner.fn);
  const known = owner.vars.get(e.n);
  if (known === PENDING) program.cells.cut(owner.vars, e.n);
  if (known) return known === PENDING ? UNKNOWN : known;
  if (e.s === 0) {
    const imported = program.imported(env.unit, e.n);
    if (imported) return imported;
  }
  return owner.isStatic || e.s === 0 ? declared(program, owner, e.n) : UNKNOWN;
}

function memberOf(program: Program, env: Env, e: ExprOf<'mem'>): Value {
  if (e.o.k === 'super') {
    const self = selfOf(env);
    const base = (self?.k === 'instance' ? program.baseOf(self.of) : undefined) ?? UNKNOWN;
    return base.k === 'class' && self?.k === 'instance' ? declaredMember(program, self, base, e.n, 0) : UNKNOWN;
  }
  return member(program, evaluate(program, env, e.o), e.n);
}

/** What stands under a computed key of a value. */
export function elementOf(program: Program, target: Value, key: Value): Value {
  if (key.k === 'const' && (typeof key.v === 'string' || typeof key.v === 'number'))
    return member(program, target, String(key.v));
  if (target.k === 'array' && !target.open) return union(target.items);
  if (target.k === 'object' && !target.open) return union([...target.props.values()]);
  if (target.k === 'api')
    return { k: 'api', path: `${target.path}${target.inst ? '#' : '.'}*`, inst: false, from: target };
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
  const value: Value = { k: 'object', props, open, file: env.unit.path, p: e.p };
  if (!env.isStatic) program.cells.made(value);
  return value;
}

function array(program: Program, env: Env, e: ExprOf<'arr'>): Value {
  const items: Value[] = [];
  let open = false;
  for (const element of e.e) {
    if (element.k !== 'spread') {
      items.push(evaluate(program, env, element));
      continue;
    }
    const spread = itemsOf(evaluate(program, env, element.e));
    if (spread) {
      items.push(...spread.items);
      open ||= spread.open;
    } else open = true;
  }
  const value: Value = { k: 'array', items, open };
  if (!env.isStatic) program.cells.made(value);
  return value;
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
  if (e.op === 'typeof') return typeName(value);
  if (e.op !== '!') return UNKNOWN;
  const test = truthiness(value);
  return test === undefined ? UNKNOWN : constant(!test);
}

/** What `typeof` says of a value that is known; what a library gives may be anything. */
function typeName(value: Value): Value {
  switch (value.k) {
    case 'const':
      return constant(value.v === null ? 'object' : typeof value.v);
    case 'template':
      return constant('string');
    case 'func':
    case 'class':
      return constant('function');
    case 'object':
    case 'array':
    case 'instance':
    case 'regex':
      return constant('object');
    default:
      return UNKNOWN;
  }
}

function assign(program: Program, env: Env, e: ExprOf<'assign'>): Value {
  const value = evaluate(program, env, e.r);
  if (!env.isStatic) assignTarget(program, env, e, value);
  return value;
}
