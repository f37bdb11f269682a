import type { ClassFact, ExprOf, FileFacts, FunctionFact, Pos } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import type { RouterObject } from './router.ts';
import { spanAt } from './spans.ts';

/**
 * What an expression is known to be. Unknown is a value like any other: it flows through every operation, and whoever
 * draws a conclusion must treat it as "could be anything".
 */
export type Value =
  | { readonly k: 'const'; readonly v: string | number | boolean | null | undefined }
  | { readonly k: 'regex'; readonly source: string; readonly flags: string }
  /** A string of which only parts are known. */
  | { readonly k: 'template'; readonly parts: readonly (string | Value)[] }
  | FuncValue
  | ClassValue
  | InstanceValue
  | ObjectValue
  | ArrayValue
  | ApiValue
  /** The namespace object of a project module. */
  | { readonly k: 'module'; readonly path: string }
  | { readonly k: 'env'; readonly name: string }
  | { readonly k: 'param'; readonly fn: FunctionFact; readonly file: string; readonly index: number }
  | { readonly k: 'router'; readonly router: RouterObject }
  | { readonly k: 'union'; readonly of: readonly Value[] }
  | { readonly k: 'unknown' };

export type ValueOf<K extends Value['k']> = Extract<Value, { k: K }>;

/** A function of the project together with the variables it was created among. */
export interface FuncValue {
  readonly k: 'func';
  readonly file: string;
  readonly fn: FunctionFact;
  readonly env: Env;
  readonly self?: Value;
}

export interface ClassValue {
  readonly k: 'class';
  readonly file: string;
  readonly cls: ClassFact;
  readonly env: Env;
}

export interface InstanceValue {
  readonly k: 'instance';
  readonly of: ClassValue;
  /** Fields set while the constructor was executed; others are looked up in the class when asked for. */
  readonly fields: Map<string, Value>;
}

export interface ObjectValue {
  readonly k: 'object';
  readonly props: Map<string, Value>;
  /** Something unknown was spread into it or written by a computed key: more properties may exist. */
  open: boolean;
  readonly file: string;
  readonly p: Pos;
}

export interface ArrayValue {
  readonly k: 'array';
  readonly items: Value[];
  open: boolean;
}

/**
 * A value of a library, named by how one gets there: `express`, `express.Router`, `express()`, `pg.Pool#query`.
 * `.` reads a member of a namespace or class, `#` a member of an instance or result, `()` is a call's result.
 * Default imports, namespace imports and `require` of a package are all just its name; built-ins are `node:fs`.
 */
export interface ApiValue {
  readonly k: 'api';
  readonly path: string;
  /** True for instances and call results, whose members are written with `#`. */
  readonly inst: boolean;
  /** The call that made it, to look at its arguments. */
  readonly made?: CallSite;
  /** The object the member was read from: the chain back to where a fluent call began. */
  readonly from?: ApiValue;
  /** What start-up code put into it, if it is a `Map` or `Set`. */
  readonly held?: Held;
}

/** Keys and values in the order of their arrival; in a set they are the same. */
export interface Held {
  readonly pairs: [key: Value, value: Value][];
  /** More may be in it, or less. */
  open: boolean;
}

/** One call in the project, with what is needed to evaluate its arguments. */
export interface CallSite {
  readonly file: string;
  readonly call: ExprOf<'call'>;
  readonly env: Env;
  readonly args: readonly Value[];
}

/**
 * The variables of one function. Executed code fills `vars`; a static environment is filled on demand from the
 * declarations, for functions that only a framework will call.
 */
export interface Env {
  readonly unit: FileUnit;
  readonly fn: FunctionFact;
  readonly vars: Map<string, Value>;
  readonly parent: Env | undefined;
  readonly isStatic: boolean;
  readonly self?: Value;
  /** What was set on functions written here: `handler.config = …`. */
  added?: Map<FunctionFact, Map<string, Value>>;
}

export interface FileUnit {
  readonly path: string;
  readonly facts: FileFacts;
  readonly env: Env;
  state: 'idle' | 'running' | 'done';
}

export const UNKNOWN: Value = { k: 'unknown' };
/** Stands where a value is being worked out; whoever meets it takes it for unknown. */
export const PENDING: Value = { k: 'unknown' };
export const UNDEFINED: Value = { k: 'const', v: undefined };

export function constant(v: string | number | boolean | null | undefined): Value {
  return { k: 'const', v };
}

export function api(path: string, inst = false): ApiValue {
  return { k: 'api', path, inst };
}

const UNION_LIMIT = 12;

/** Joins alternatives; equal ones collapse, too many become unknown. */
export function union(values: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const value of values) {
    for (const one of value.k === 'union' ? value.of : [value])
      if (!flat.some(other => sameValue(one, other))) flat.push(one);
  }
  if (flat.length === 1) return flat[0]!;
  return flat.length === 0 || flat.length > UNION_LIMIT ? UNKNOWN : { k: 'union', of: flat };
}

export function alternatives(value: Value): readonly Value[] {
  return value.k === 'union' ? value.of : [value];
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.k === 'const' && b.k === 'const') return a.v === b.v;
  if (a.k === 'api' && b.k === 'api') return a.path === b.path && a.inst === b.inst && a.made === b.made;
  if (a.k === 'func' && b.k === 'func') return a.fn === b.fn && a.env === b.env && a.self === b.self;
  if (a.k === 'class' && b.k === 'class') return a.cls === b.cls;
  if (a.k === 'router' && b.k === 'router') return a.router === b.router;
  if (a.k === 'env' && b.k === 'env') return a.name === b.name;
  return a.k === 'unknown' && b.k === 'unknown';
}

export function stringOf(value: Value | undefined): string | undefined {
  return value?.k === 'const' && typeof value.v === 'string' ? value.v : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  return value?.k === 'const' && typeof value.v === 'number' ? value.v : undefined;
}

export function booleanOf(value: Value | undefined): boolean | undefined {
  return value?.k === 'const' && typeof value.v === 'boolean' ? value.v : undefined;
}

/** Whether a condition is decided; undefined if it is not. */
export function truthiness(value: Value): boolean | undefined {
  switch (value.k) {
    case 'const':
      return !!value.v;
    case 'func':
    case 'class':
    case 'instance':
    case 'object':
    case 'array':
    case 'router':
    case 'regex':
      return true;
    default:
      return undefined;
  }
}

/** The span of an expression of `env`'s file. */
export function spanIn(env: Env, p: Pos): Span {
  return spanAt(env.unit.path, p);
}
