import type { Expr, ExprOf, Pos } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { asksForStage } from './conditions.ts';
import { bindingsOf, eachExprIn, envOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { alternatives, type Env, spanIn, stringOf } from './values.ts';

const DEPTH = 8;

/** An expression with the variables it stands among. */
export interface Place {
  readonly expr: Expr;
  readonly env: Env;
}

/** A string of the source that ends up as a value. */
export interface Literal {
  readonly text: string;
  /** The string itself; for a fallback the whole `process.env.X || '…'`. */
  readonly span: Span;
  /** Where the string stands. */
  readonly place: Place;
  /** The variable whose absence brings the string in; undefined: it always is the value. */
  readonly fallbackOf: string | undefined;
  /** Names the value has on its way. */
  readonly names: readonly string[];
}

/** Follows names and members to the expression that defines them; stops at what is computed or assigned twice. */
export function definition(program: Program, place: Place, depth = 0): Place {
  const { env, expr } = place;
  if (depth > DEPTH) return place;
  if (expr.k === 'as' || expr.k === 'await') return definition(program, { env, expr: expr.e }, depth + 1);
  const next = expr.k === 'id' ? bound(env, expr) : expr.k === 'mem' ? property(program, env, expr) : undefined;
  return next ? definition(program, next, depth + 1) : place;
}

/** The expression of an option in an object literal, however the object is named. */
export function optionPlace(program: Program, place: Place, ...path: readonly string[]): Place | undefined {
  let at = definition(program, place);
  for (const name of path) {
    if (at.expr.k !== 'obj') return undefined;
    const known = at.expr.props.findLast(one => one.k === 'prop' && one.n === name);
    if (known?.k !== 'prop') return undefined;
    at = definition(program, { env: at.env, expr: known.v });
  }
  return at;
}

/** Every string literal that may become the value of an expression. */
export function literalsOf(
  program: Program,
  place: Place,
  names: readonly string[] = [],
  depth = 0,
): readonly Literal[] {
  const { expr, env } = place;
  if (depth > DEPTH) return [];
  const follow = (next: Expr, name?: string): readonly Literal[] =>
    literalsOf(program, { env, expr: next }, name ? [...names, name] : names, depth + 1);
  switch (expr.k) {
    case 'str':
      return [{ text: expr.v, span: spanIn(env, expr.p), place, fallbackOf: undefined, names }];
    case 'as':
    case 'await':
      return follow(expr.e);
    case 'arr':
      return expr.e.flatMap(one => follow(one));
    case 'cond':
      return asksForStage(expr.t) ? [] : [...follow(expr.a), ...follow(expr.b)];
    case 'log':
      return expr.op === '&&' ? [] : fallback(program, place, expr, names, depth);
    case 'id':
    case 'mem': {
      const name = expr.n;
      const next = expr.k === 'id' ? bound(env, expr) : property(program, env, expr);
      if (next) return literalsOf(program, next, [...names, name], depth + 1);
      const missing = expr.k === 'id' ? defaulted(program, env, expr) : undefined;
      if (missing) return [{ ...missing, names: [...names, name] }];
      const text = stringOf(evaluate(program, env, expr));
      return text === undefined
        ? []
        : [{ text, span: spanIn(env, expr.p), place, fallbackOf: undefined, names: [...names, name] }];
    }
    case 'call':
      return ofCall(program, place, expr, names, depth);
    default:
      return [];
  }
}

function fallback(
  program: Program,
  { env, expr: whole }: Place,
  expr: ExprOf<'log'>,
  names: readonly string[],
  depth: number,
): readonly Literal[] {
  const left = evaluate(program, env, expr.l);
  const variable = alternatives(left).find(one => one.k === 'env');
  const own = variable ? [] : literalsOf(program, { env, expr: expr.l }, names, depth + 1);
  if (variable?.k !== 'env') return own;
  return literalsOf(program, { env, expr: expr.r }, names, depth + 1).map(literal =>
    literal.fallbackOf === undefined ? { ...literal, span: spanIn(env, whole.p), fallbackOf: variable.name } : literal,
  );
}

/** Wrappers that keep a string what it is, and configuration look-ups with a default. */
function ofCall(
  program: Program,
  { env }: Place,
  call: ExprOf<'call'>,
  names: readonly string[],
  depth: number,
): readonly Literal[] {
  const [first, second] = call.a;
  const method = call.f.k === 'mem' ? call.f.n : call.f.k === 'id' ? call.f.n : '';
  if (
    method === 'get' &&
    call.a.length === 2 &&
    first?.k === 'str' &&
    second?.k === 'str' &&
    /^[A-Z][A-Z0-9_]+$/.test(first.v)
  ) {
    return [{ text: second.v, span: spanIn(env, call.p), place: { env, expr: second }, fallbackOf: first.v, names }];
  }
  if ((method === 'toString' || method === 'trim') && call.f.k === 'mem')
    return literalsOf(program, { env, expr: call.f.o }, names, depth + 1);
  const keeps = ['encode', 'createSecretKey', 'String'].includes(method) || isBufferFrom(call);
  return keeps && first ? literalsOf(program, { env, expr: first }, names, depth + 1) : [];
}

function isBufferFrom({ f }: ExprOf<'call'>): boolean {
  return f.k === 'mem' && f.n === 'from' && f.o.k === 'id' && f.o.n === 'Buffer';
}

/** What a name was bound to, if it was bound once and not taken apart. */
function bound(env: Env, { n, s }: ExprOf<'id'>): Place | undefined {
  const owner = s === -1 ? undefined : envOf(env, s);
  const binding = owner && bindingsOf(owner.fn).get(n);
  const [source, ...others] = binding?.sources ?? [];
  if (!owner || !source?.from || source.path.length || source.element || others.length) return undefined;
  return { env: owner, expr: source.from };
}

/** `const { SECRET = '…' } = process.env`. */
function defaulted(program: Program, env: Env, { n, s }: ExprOf<'id'>): Omit<Literal, 'names'> | undefined {
  const owner = s === -1 ? undefined : envOf(env, s);
  const [source] = (owner && bindingsOf(owner.fn).get(n)?.sources) ?? [];
  const [variable] = source?.path ?? [];
  if (!owner || !source?.from || source.fallback?.k !== 'str' || typeof variable !== 'string') return undefined;
  const from = evaluate(program, owner, source.from);
  if (from.k !== 'api' || from.path !== 'process.env') return undefined;
  const { fallback } = source;
  const place = { env: owner, expr: fallback };
  return { text: fallback.v, span: spanIn(owner, fallback.p), place, fallbackOf: variable };
}

/** The property of the object literal that a member expression reads. */
function property(program: Program, env: Env, expr: ExprOf<'mem'>): Place | undefined {
  const owner = evaluate(program, env, expr.o);
  if (owner.k !== 'object') return undefined;
  const unit = program.units.get(owner.file);
  const literal = unit && objectAt(unit.facts.functions, owner.p);
  const known = literal?.object.props.findLast(one => one.k === 'prop' && one.n === expr.n);
  if (known?.k !== 'prop' || !literal) return undefined;
  return { env: program.staticEnv(unit, literal.fn), expr: known.v };
}

function objectAt(
  functions: Env['unit']['facts']['functions'],
  p: Pos,
): { object: ExprOf<'obj'>; fn: Env['fn'] } | undefined {
  for (const fn of functions) {
    if (fn.id !== 0 && (fn.p[0] > p[0] || fn.p[1] < p[1])) continue;
    let object: ExprOf<'obj'> | undefined;
    eachExprIn(fn, e => {
      if (e.k === 'obj' && e.p[0] === p[0] && e.p[1] === p[1]) object = e;
    });
    if (object) return { object, fn };
  }
  return undefined;
}
