import type { Flow } from '../flow/flow.ts';
import type { SinkKind } from '../flow/kinds.ts';
import { CALL_SINKS } from '../flow/models/call-sinks.ts';
import { OPTION_SINKS } from '../flow/models/option-sinks.ts';
import { OPERATION_SINKS, RESPONSE_SINKS } from '../flow/models/sinks.ts';
import { whyNot } from '../flow/trace.ts';
import { callsIn } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import { definition } from '../link/literals.ts';
import type { Model } from '../link/model.ts';
import { type Env, type FileUnit, spanIn } from '../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../model/facts.ts';
import { type Span, touches } from '../model/span.ts';

/** Ways of untrusted values that come to a place and were made harmless on it, and how many a limit cut anywhere. */
export function endedAt(
  model: Model,
  kinds: readonly SinkKind[],
  at: Span,
): { readonly ended: readonly Flow[]; readonly cut: number } {
  const answers = kinds.map(kind => whyNot(model, kind, at));
  return { ended: answers.flatMap(({ ended }) => ended), cut: answers[0]?.cut ?? 0 };
}

/** A call at a place, seen by whoever looks for sinks of some kinds. */
export interface CallAt {
  /** As written: `db.query`. */
  readonly text: string;
  readonly span: Span;
  readonly fn: FunctionFact;
  /** What is called could not be found out. */
  readonly isUnknown: boolean;
  /** A value that reaches it does harm of one of the kinds. */
  readonly isSink: boolean;
  /** Calls that its arguments come from and of which it is not known what they give. */
  readonly gaps: readonly { readonly text: string; readonly span: Span }[];
}

/** Calls that touch a range, with what is known of them. */
export function callsAt(model: Model, kinds: readonly SinkKind[], at: Span): CallAt[] {
  const { program } = model;
  const unit = program.units.get(at.file);
  if (!unit) return [];
  return unit.facts.functions.flatMap(fn =>
    callsIn(fn).flatMap(({ call }): CallAt[] => {
      const env = program.staticEnv(unit, fn);
      const span = spanIn(env, call.p);
      if (!touches(spanIn(env, call.f.k === 'mem' ? call.f.np : call.f.p), at)) return [];
      const callee = evaluate(program, env, call.f);
      return [
        {
          text: nameOf(call.f),
          span,
          fn,
          isUnknown: callee.k === 'unknown' || callee.k === 'param',
          isSink: kindsOf(model, unit, env, call).some(kind => kinds.includes(kind)),
          gaps: call.a.flatMap(arg => gapsIn(model, env, arg, 0)),
        },
      ];
    }),
  );
}

function kindsOf(model: Model, unit: FileUnit, env: Env, call: ExprOf<'call'>): SinkKind[] {
  const { program } = model;
  const { adapters } = program;
  const callee = evaluate(program, env, call.f);
  const path = callee.k === 'api' ? adapters.canonical(callee.path) : '';
  const response = path === '' ? undefined : adapters.response(path);
  const operations = model.operationsIn(unit.path).filter(({ site }) => site.call === call);
  return [
    ...(CALL_SINKS[path] ?? []).map(({ kind }) => kind),
    ...((response && RESPONSE_SINKS[response]) ?? []).map(({ kind }) => kind),
    ...operations.flatMap(({ kind }): SinkKind[] => [
      ...(kind === 'db' ? (['operator', 'record'] as const) : []),
      ...[...(OPERATION_SINKS[kind] ?? []), ...(OPTION_SINKS[kind] ?? [])].map(one => one.kind),
    ]),
  ];
}

const DEPTH = 4;

/** Calls of what cannot be looked into, in what an expression is made of. */
function gapsIn(model: Model, env: Env, e: Expr, depth: number): CallAt['gaps'] {
  if (depth > DEPTH) return [];
  const { expr, env: there } = definition(model.program, { env, expr: e });
  const inner = (next: Expr): CallAt['gaps'] => gapsIn(model, there, next, depth + 1);
  switch (expr.k) {
    case 'call': {
      const callee = evaluate(model.program, there, expr.f);
      if (callee.k === 'unknown') return [{ text: nameOf(expr.f), span: spanIn(there, expr.p) }];
      return expr.a.flatMap(inner);
    }
    case 'tpl':
      return expr.parts.flatMap(part => (typeof part === 'string' ? [] : inner(part)));
    case 'bin':
    case 'log':
      return [...inner(expr.l), ...inner(expr.r)];
    case 'mem':
      return inner(expr.o);
    case 'obj':
      return expr.props.flatMap(({ v }) => inner(v));
    case 'arr':
      return expr.e.flatMap(inner);
    default:
      return [];
  }
}

function nameOf(e: Expr): string {
  if (e.k === 'mem') return `${nameOf(e.o)}.${e.n}`;
  return e.k === 'id' ? e.n : e.k === 'this' ? 'this' : e.k === 'call' ? `${nameOf(e.f)}()` : '…';
}
