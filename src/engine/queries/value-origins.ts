import { callsIn } from '../link/call-index.ts';
import { pathTo } from '../link/declared.ts';
import { bindingsOf, envOf } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import { perFile } from '../link/kept/per-file.ts';
import { perModel } from '../link/kept/per-model.ts';
import type { Place } from '../link/literals.ts';
import { member } from '../link/members.ts';
import type { Model } from '../link/model.ts';
import { isIdentity, type Part, requestOrigin } from '../link/request-value.ts';
import { VALIDATING } from '../link/sign-names.ts';
import { staticEnvOf } from '../link/signals.ts';
import { alternatives, type Env, type FuncValue, spanIn, type Value } from '../link/values.ts';
import type { Expr, ExprOf, FileFacts, FunctionFact } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { isTrustedHeader } from './trusted-headers.ts';

/** Who decides on a value, as far as it can be told. */
export type ValueOrigin =
  /** It came in what was sent. */
  | {
      readonly k: 'request';
      readonly part: Part;
      /** Names read from that part. */
      readonly names: readonly string[];
      /** What stands for it in the function that takes the request: an argument there, or the value itself. */
      readonly place: Place;
      /** Calls that hand it on from there, the first one first. */
      readonly handedOn: readonly Span[];
    }
  /** It says who is calling. */
  | {
      readonly k: 'caller';
      readonly place: Place;
      /** Properties read from what stands there. */
      readonly names: readonly string[];
    }
  | { readonly k: 'constant' }
  | { readonly k: 'unknown' };

const DEPTH = 12;
/** Calls between the function that takes the request and the one the value is used in. */
const HOPS = 4;
const LIMIT = 12;
const UNSEEN: readonly ValueOrigin[] = [{ k: 'unknown' }];

/** Functions whose result is their argument in another form. */
const FORMS =
  /^(?:parseInt|parseFloat|Number|String|BigInt|ObjectId|createFromHexString|toObjectId|decodeURIComponent)$/;
/** Methods that give their receiver in another form. */
const METHODS = /^(?:toString|trim|toLowerCase|toUpperCase|toHexString|valueOf)$/;

interface Caller {
  readonly func: FuncValue;
  readonly call: ExprOf<'call'>;
}

/** Where the value of an expression was decided: followed back through names, and to the functions in a request's way that call this one. */
export function originsOf(model: Model, place: Place): readonly ValueOrigin[] {
  return follow({ model, start: place, handedOn: [], seen: new Set() }, place, [], 0);
}

interface Way {
  readonly model: Model;
  /** Where the value stands in the function that is looked at. */
  readonly start: Place;
  readonly handedOn: readonly Span[];
  readonly seen: ReadonlySet<FunctionFact>;
}

function follow(way: Way, place: Place, path: readonly string[], depth: number): readonly ValueOrigin[] {
  const { env, expr } = place;
  if (depth > DEPTH) return UNSEEN;
  const next = (e: Expr, names = path): readonly ValueOrigin[] => follow(way, { env, expr: e }, names, depth + 1);
  if (expr.k === 'as' || expr.k === 'await') return next(expr.e);
  const known = ofValue(way, place, path);
  if (known) return known;
  switch (expr.k) {
    case 'id':
      return ofName(way, env, expr, path, depth);
    case 'mem':
      return next(expr.o, [expr.n, ...path]);
    case 'idx':
      return expr.i.k === 'str' ? next(expr.o, [expr.i.v, ...path]) : UNSEEN;
    case 'log':
      return expr.op === '&&' ? next(expr.r) : joined([...next(expr.l), ...next(expr.r)]);
    case 'cond':
      return joined([...next(expr.a), ...next(expr.b)]);
    case 'un':
      return expr.op === '+' ? next(expr.e) : UNSEEN;
    case 'tpl': {
      const [hole, more] = expr.parts.filter(part => typeof part !== 'string');
      return hole && !more && !expr.tag && expr.parts.every(part => part === '' || part === hole) ? next(hole) : UNSEEN;
    }
    case 'obj':
      return ofObject(way, env, expr, path, depth);
    case 'call':
      return ofCall(expr, path, next);
    default:
      return UNSEEN;
  }
}

/** What link knows of the value itself. */
function ofValue(
  { model, start, handedOn }: Way,
  at: Place,
  path: readonly string[],
): readonly ValueOrigin[] | undefined {
  const { program } = model;
  const whole = path.reduce((value: Value, name) => member(program, value, name), evaluate(program, at.env, at.expr));
  const all = alternatives(whole).map((value): ValueOrigin | undefined => {
    if (value.k === 'const' || value.k === 'env') return { k: 'constant' };
    if (value.k !== 'api') return undefined;
    const origin = requestOrigin(program, value);
    if (origin && isTrustedHeader(model, at.env.unit.path, value)) return { k: 'caller', place: at, names: path };
    if (origin && SENT.has(origin.part)) return { k: 'request', ...origin, place: start, handedOn };
    return isIdentity(program, value) ? { k: 'caller', place: at, names: path } : undefined;
  });
  return all.every(one => one !== undefined) && all.some(one => one.k !== 'constant') ? all : undefined;
}

const SENT: ReadonlySet<Part> = new Set(['params', 'query', 'body', 'headers'] as const);

function ofName(way: Way, env: Env, e: ExprOf<'id'>, path: readonly string[], depth: number): readonly ValueOrigin[] {
  const owner = envOf(env, e.s);
  if (!owner) return UNSEEN;
  const binding = bindingsOf(owner.fn).get(e.n);
  if (binding) {
    const [source, ...others] = binding.sources;
    if (!source?.from || others.length > 0 || source.element) return UNSEEN;
    return follow(way, { env: owner, expr: source.from }, [...source.path.map(String), ...path], depth + 1);
  }
  for (const [position, { pat }] of owner.fn.params.entries()) {
    const steps = pathTo(pat, e.n);
    if (steps) return ofCallers(way, owner.fn, position, [...steps, ...path], depth);
  }
  return UNSEEN;
}

function ofObject(
  way: Way,
  env: Env,
  { props }: ExprOf<'obj'>,
  path: readonly string[],
  depth: number,
): readonly ValueOrigin[] {
  const [name, ...rest] = path;
  if (name === undefined) return UNSEEN;
  for (const prop of [...props].reverse()) {
    if (prop.k === 'prop' && prop.n === name) return follow(way, { env, expr: prop.v }, rest, depth + 1);
    if (prop.k !== 'prop') return prop.k === 'spread' ? follow(way, { env, expr: prop.v }, path, depth + 1) : UNSEEN;
  }
  return UNSEEN;
}

function ofCall(
  { f, a }: ExprOf<'call'>,
  path: readonly string[],
  next: (e: Expr, names?: readonly string[]) => readonly ValueOrigin[],
): readonly ValueOrigin[] {
  const name = f.k === 'mem' || f.k === 'id' ? f.n : '';
  const [first] = a;
  if (f.k === 'mem' && METHODS.test(name) && path.length === 0) return next(f.o);
  if (first && FORMS.test(name) && path.length === 0) return next(first);
  if (!first || f.k !== 'mem' || !VALIDATING.test(name)) return UNSEEN;
  // What a schema lets through is still what was sent.
  return next(first, path[0] === 'data' && /^safe/.test(name) ? path.slice(1) : path);
}

/** What the callers of a function give it: only those in a request's way count. */
function ofCallers(
  way: Way,
  fn: FunctionFact,
  position: number,
  path: readonly string[],
  depth: number,
): readonly ValueOrigin[] {
  if (way.handedOn.length >= HOPS || way.seen.has(fn) || fn.name === '') return UNSEEN;
  const { model } = way;
  const found: ValueOrigin[] = [];
  for (const { func, call } of callersNamed(model, fn.name)) {
    const given = call.a[position];
    if (!given || given.k === 'spread') continue;
    const env = staticEnvOf(model.program, func);
    const callees = alternatives(evaluate(model.program, env, call.f));
    if (!callees.some(one => one.k === 'func' && one.fn === fn)) continue;
    const handedOn = [spanIn(env, call.p), ...way.handedOn];
    const start = { env, expr: given };
    found.push(...follow({ model, start, handedOn, seen: new Set([...way.seen, fn]) }, start, path, depth + 1));
  }
  return found.length > 0 ? joined(found) : UNSEEN;
}

/** The calls in a request's way of what is called so. */
function callersNamed(model: Model, name: string): readonly Caller[] {
  return reachedFiles(model).flatMap(facts =>
    (callsByName(facts).get(name) ?? []).flatMap(({ fn, call }) => {
      const func = model.reached.get(fn)?.func;
      return func ? [{ func, call }] : [];
    }),
  );
}

const reachedFiles = perModel(({ program, reached }): readonly FileFacts[] => {
  const files = new Set([...reached.values()].map(({ func }) => func.file));
  return [...files].sort().flatMap(file => program.units.get(file)?.facts ?? []);
});

const callsByName = perFile(({ functions }) => {
  const out = new Map<string, { readonly fn: FunctionFact; readonly call: ExprOf<'call'> }[]>();
  for (const fn of functions)
    for (const { call } of callsIn(fn)) {
      const name = call.f.k === 'mem' || call.f.k === 'id' ? call.f.n : undefined;
      if (name === undefined || call.a.length === 0) continue;
      const list = out.get(name);
      if (list) list.push({ fn, call });
      else out.set(name, [{ fn, call }]);
    }
  return out;
});

function joined(all: readonly ValueOrigin[]): readonly ValueOrigin[] {
  const out: ValueOrigin[] = [];
  for (const one of all) {
    const isKnown = one.k === 'constant' || one.k === 'unknown' ? out.some(other => other.k === one.k) : false;
    if (!isKnown && out.length < LIMIT) out.push(one);
  }
  return out;
}
