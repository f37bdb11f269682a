import type { Adapters } from '../frameworks/registry.ts';
import type { Operation } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { SecretColumns } from '../link/secret-columns.ts';
import type { UniqueFields } from '../link/unique-fields.ts';
import { type Env, type FuncValue, spanIn, type Value } from '../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Pos } from '../model/facts.ts';
import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { Leaving, Left } from './left.ts';
import type { Proof, State } from './state.ts';
import type { Hit, Summary } from './summary.ts';
import type { Origin, Taint } from './taint.ts';
import type { TaughtFlow } from './taught.ts';
import type { TemplatesByName } from './template-sinks.ts';

/** What all functions of one solution share. */
export interface Solver {
  readonly program: Program;
  readonly adapters: Adapters;
  /** Operations by the call they are. */
  operationsAt(call: ExprOf<'call'>): readonly Operation[];
  /** What a function does; `given` are library objects its caller is known to pass. */
  summaryOf(func: FuncValue, given?: readonly (Value | undefined)[]): Summary;
  /** A hit whose origin is a source: a way through the program. */
  found(hit: Hit): void;
  /** The secret column that the rows of a query bring along; undefined where no schema has one. */
  readonly secretColumn: SecretColumns | undefined;
  /** Fields in which a filter takes no operators, where it has to hold one of them. */
  readonly uniqueFields: UniqueFields;
  /** Templates by the name they are asked for. */
  readonly templates: TemplatesByName;
  /** What the settings say about functions of the project's own; undefined where they say nothing. */
  readonly taught: TaughtFlow | undefined;
  /** Whether members of a library's object may be sources. */
  isRequest(apiPath: string): boolean;
}

/** One pass over a function's body. */
export interface Walk {
  readonly solver: Solver;
  readonly program: Program;
  readonly env: Env;
  readonly fn: FunctionFact;
  readonly summary: Summary;
  state: State;
  /** What exceptions tell that were not caught so far. */
  thrown: Taint;
  /** Whether control gets here. */
  open: boolean;
  readonly exits: Exit[];
  /** Functions written in it, to look at once more with the variables as they are in the end. */
  readonly closures: Map<FunctionFact, number>;
  /** When each variable was last set, in steps of `clock`. */
  readonly setAt: Map<string, number>;
  clock: number;
  /** Conditions that are being looked into. */
  readonly tested: Set<Expr>;
  /** Something was written onto an object of the request. */
  writesOnRequest: boolean;
  /** What was written there each time the request was let pass. */
  readonly passes: Leaving[];
  /** What functions written in it leave there, whenever they run. */
  readonly leftLater: Left[];
}

/** A way out of the function, with what has been proved on it. */
export interface Exit {
  readonly proved: ReadonlyMap<string, Proof>;
  /** What it answers, where that is a known truth value. */
  readonly says: boolean | undefined;
  readonly leaving: Leaving;
}

export function varKey(scope: number, name: string): string {
  return `${scope}:${name}`;
}

export function evidence(walk: Walk, p: Pos, message: string): Evidence {
  return { span: spanIn(walk.env, p), message };
}

/** A name as written, for messages: `req.query.email`, `ctx.get('host')`. */
export function textOf(e: Expr): string {
  switch (e.k) {
    case 'id':
      return e.n;
    case 'this':
      return 'this';
    case 'mem':
      return `${textOf(e.o)}.${e.n}`;
    case 'idx':
      return `${textOf(e.o)}[${e.i.k === 'str' ? `'${e.i.v}'` : e.i.k === 'num' ? e.i.v : textOf(e.i)}]`;
    case 'call':
      return `${textOf(e.f)}(${e.a.map(arg => (arg.k === 'str' ? `'${arg.v}'` : '…')).join(', ')})`;
    case 'as':
    case 'await':
      return textOf(e.e);
    default:
      return '…';
  }
}

export function spanOf(walk: Walk, e: Expr): Span {
  return spanIn(walk.env, e.p);
}

/** Gives a source the expression that reads it, as long as properties follow one another without a break. */
export function readAt(walk: Walk, e: ExprOf<'mem' | 'idx'>, taint: Taint): Taint {
  if (!taint.own.some(origin => origin.at)) return taint;
  const inner = spanOf(walk, e.o);
  const own = taint.own.map((origin): Origin => {
    const { at } = origin;
    if (!at || at.span.file !== inner.file || at.span.start !== inner.start || at.span.end !== inner.end) return origin;
    return { ...origin, at: { span: spanOf(walk, e), text: textOf(e) } };
  });
  return { own, fields: taint.fields };
}
