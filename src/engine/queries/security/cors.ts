import { conditionsAt, operationDependsOnStage } from '../../link/conditions.ts';
import { eachExprIn, eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { optionPlace } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { type ApiValue, alternatives, spanIn, stringOf, type Value } from '../../link/values.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A CORS set-up that lets pages in which nobody meant to let in. */
export interface OpenCors {
  readonly operation: Operation;
  readonly span: Span;
  readonly problem: 'reflects' | 'weak' | 'useless' | 'null';
  /** The source text's pattern for `weak`. */
  readonly detail: string;
  /** The origin option's expression, if it stands in the file. */
  readonly origin: Expr | undefined;
}

/** Set-ups that answer with credentials to any page, or to pages that a loose test lets through. */
export function openCors(model: Model): OpenCors[] {
  return [...model.operations('cors-setup').flatMap(one => fromOptions(model, one)), ...byHand(model)];
}

function fromOptions(model: Model, operation: Operation): OpenCors[] {
  const arg = operation.args['options'];
  const { value } = arg ?? {};
  if (!arg || value?.k !== 'object' || operationDependsOnStage(operation)) return [];
  const credentials = value.props.get('credentials');
  if (!(credentials?.k === 'const' && credentials.v === true)) return [];
  const place = optionPlace(model.program, { env: arg.env, expr: arg.expr }, 'origin');
  const origin = value.props.get('origin');
  const problem = origin || !value.open ? originProblem(origin) : undefined;
  if (!problem) return [];
  const span = place && place.expr.k !== 'fn' ? spanIn(place.env, place.expr.p) : operation.span;
  return [
    {
      operation,
      span,
      ...problem,
      origin: place?.env.unit.path === operation.file ? place.expr : undefined,
    },
  ];
}

type Problem = Pick<OpenCors, 'problem' | 'detail'>;

function originProblem(origin: Value | undefined): Problem | undefined {
  if (!origin) return { problem: 'useless', detail: '*' };
  const found = alternatives(origin).map(one => problemOf(one));
  // Another way in may be the one production takes.
  return found.every(one => one !== undefined) ? found[0] : undefined;
}

function problemOf(one: Value): Problem | undefined {
  if (one.k === 'const') {
    if (one.v === true) return { problem: 'reflects', detail: '' };
    if (one.v === '*') return { problem: 'useless', detail: '*' };
    return one.v === 'null' ? { problem: 'null', detail: 'null' } : undefined;
  }
  if (one.k === 'regex') return weakPattern(one.source);
  if (one.k === 'array') return one.items.map(problemOf).find(problem => problem && problem.problem !== 'useless');
  return one.k === 'func' ? ofFunction(one.fn) : undefined;
}

/** A pattern that also matches hosts its author did not think of: no end, no start, or a dot that stands for anything. */
function weakPattern(source: string): Problem | undefined {
  if (/^\^?(?:https\??:(?:\\\/){2})?\.[*+]\$?$/.test(source)) return { problem: 'reflects', detail: '' };
  const escaped = source.replaceAll('\\.', '\0');
  const isHost = /[a-z0-9-]{2,}[.\0][a-z]{2,}/i.test(escaped);
  const bareDot = /[a-z0-9-]{2,}\.[a-z]{2,}/i.test(escaped);
  const openEnd = !escaped.endsWith('$') && !/\$\)?$/.test(escaped);
  const openStart = !/^[\^(]/.test(escaped) && !escaped.startsWith('\0');
  return isHost && (bareDot || openEnd || openStart) ? { problem: 'weak', detail: `/${source}/` } : undefined;
}

/** A function that says yes to everything: no decision in it. */
function ofFunction(fn: FunctionFact): Problem | undefined {
  let decides = false;
  let accepts = false;
  const [origin, callback] = fn.params.map(param => (param.pat.k === 'pid' ? param.pat.n : undefined));
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'if' || stmt.k === 'switch' || stmt.k === 'loop' || stmt.k === 'try' || stmt.k === 'throw')
      decides = true;
    if (stmt.k === 'ret' && stmt.e?.k === 'id' && stmt.e.n === origin && origin !== undefined) accepts = true;
    if (stmt.k === 'ret' && stmt.e?.k === 'bool' && stmt.e.v && callback === undefined) accepts = true;
  });
  eachExprIn(fn, e => {
    if (e.k === 'cond' || (e.k === 'log' && e.op !== '??')) decides = true;
    if (e.k !== 'call') return;
    const says = e.f.k === 'id' && e.f.n === callback && e.a[0]?.k === 'nil';
    if (says && (e.a[1]?.k === 'bool' ? e.a[1].v : e.a[1]?.k === 'id' && e.a[1].n === origin)) accepts = true;
    else decides = true;
  });
  return accepts && !decides ? { problem: 'reflects', detail: '' } : undefined;
}

/** `Access-Control-Allow-Origin` set to what the request says, next to credentials, with no decision in between. */
function byHand(model: Model): OpenCors[] {
  const headers = model.operations('header-set');
  const named = (operation: Operation, name: string): boolean =>
    stringOf(operation.args['name']?.value)?.toLowerCase() === name;
  return headers.flatMap(operation => {
    if (!named(operation, 'access-control-allow-origin') || !readsOrigin(operation.args['value']?.value)) return [];
    const conditions = conditionsAt(operation.fn, operation.callSpan.start);
    if (!conditions.every(test => asksForPresence(model, operation, test))) return [];
    const withCredentials = headers.some(
      other => other.fn === operation.fn && named(other, 'access-control-allow-credentials') && isTrue(other),
    );
    if (!withCredentials) return [];
    return [
      { operation, span: operation.args['value']!.span, problem: 'reflects' as const, detail: '', origin: undefined },
    ];
  });
}

/** `if (req.headers.origin)`, `if (origin !== undefined)`: whether there is an origin, not which one. */
function asksForPresence(model: Model, operation: Operation, test: Expr): boolean {
  const isNothing = (e: Expr): boolean => e.k === 'nil' || (e.k === 'str' && e.v === '');
  const asked = test.k === 'bin' && /^!==?$/.test(test.op) && isNothing(test.r) ? test.l : test;
  return readsOrigin(evaluate(model.program, operation.site.env, asked));
}

function readsOrigin(value: Value | undefined): boolean {
  return alternatives(value ?? { k: 'unknown' }).some(one => one.k === 'api' && isOriginPath(one));
}

function isOriginPath({ path, made }: ApiValue): boolean {
  if (/#headers\.origin$/.test(path)) return true;
  const asked = made?.args[0];
  return /#(?:headers|header|get)(?:\(\))?$/.test(path) && stringOf(asked)?.toLowerCase() === 'origin';
}

function isTrue({ args }: Operation): boolean {
  const value = args['value']?.value;
  return value?.k === 'const' && String(value.v) === 'true';
}
