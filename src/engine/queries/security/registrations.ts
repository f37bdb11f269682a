import { callsIn } from '../../link/call-index.ts';
import { decoratorPath } from '../../link/decorators.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { eachExpr } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { classify } from '../../link/guards.ts';
import type { Program } from '../../link/program.ts';
import type { Env } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Pos } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** Options of a route that hold functions which run before its handler, in the order they run. */
const STAGES = ['onRequest', 'preParsing', 'preValidation', 'preHandler'];

/** The call that registers a route, and the function it is written in, by the span of its method name. */
export interface Registration {
  readonly call: ExprOf<'call'>;
  readonly fn: FunctionFact;
}

/** A guard as it is written for a route. */
export interface WrittenGuard {
  readonly file: string;
  readonly p: Pos;
  /** What it is made of: names of the module's own scope; undefined where other scopes' names are used, too. */
  readonly names: readonly string[] | undefined;
  /** The function whose names it uses. */
  readonly fn: FunctionFact;
  /** `argument` of the registration, `decorator` of the class or method, or the option it stands in. */
  readonly place: string;
}

export function registrationAt(program: Program, { file, start }: Span): Registration | undefined {
  const facts = program.units.get(file)?.facts;
  for (const fn of facts?.functions ?? []) {
    if (fn.p[0] > start || start > fn.p[1]) continue;
    for (const { call } of callsIn(fn)) if (call.f.k === 'mem' && call.f.np[0] === start) return { call, fn };
  }
  return undefined;
}

/** The guard that stands in a route's registration or in a decorator over it. */
export function writtenGuard(program: Program, endpoint: Endpoint): WrittenGuard | undefined {
  const { span } = endpoint;
  const unit = program.units.get(span.file);
  const found = unit && registrationAt(program, span);
  if (!unit || !found) return decoratedGuard(program, endpoint);
  const { call, fn } = found;
  const env = fn.id === 0 ? unit.env : program.staticEnv(unit, fn);
  for (const argument of call.a.slice(1, -1)) {
    const hook = argument.k === 'obj' ? hookOf(endpoint, argument) : undefined;
    if (hook && isPlain(hook.e))
      return { file: span.file, p: hook.e.p, names: namesIn([hook.e]), fn, place: hook.stage };
    if (guards(program, env, argument))
      return { file: span.file, p: argument.p, names: namesIn([argument]), fn, place: 'argument' };
  }
  return undefined;
}

/** The hook among a route's options that authenticates: hooks and the route's own steps stand in the same order. */
function hookOf({ chain }: Endpoint, options: ExprOf<'obj'>): { stage: string; e: Expr } | undefined {
  const hooks = STAGES.flatMap(stage =>
    options.props.flatMap(prop => {
      if (prop.k !== 'prop' || prop.n !== stage) return [];
      return (prop.v.k === 'arr' ? prop.v.e : [prop.v]).map(e => ({ stage, e }));
    }),
  );
  const steps = chain.filter(({ via }) => via === 'on the route');
  const at = steps.findIndex(({ roles }) => roles.includes('authenticates') && !roles.includes('unknown'));
  return steps.length === hooks.length ? hooks[at] : undefined;
}

function decoratedGuard(program: Program, { chain }: Endpoint): WrittenGuard | undefined {
  for (const { span, roles } of chain) {
    const unit = program.units.get(span.file);
    if (!unit || !roles.includes('authenticates') || roles.includes('unknown')) continue;
    const lists = unit.facts.classes.flatMap(cls => [cls, ...cls.members]).flatMap(one => one.decorators ?? []);
    const { e } = lists.find(({ p }) => p[0] <= span.start && span.end <= p[1]) ?? {};
    if (e?.k !== 'call' || !e.a.length || !e.a.every(isPlain)) continue;
    if (decoratorPath(program, unit.env, { e, p: e.p }) !== '@nestjs/common.UseGuards') continue;
    const p: Pos = [e.a[0]!.p[0], e.a.at(-1)!.p[1]];
    return { file: span.file, p, names: namesIn(e.a), fn: unit.facts.functions[0]!, place: 'decorator' };
  }
  return undefined;
}

function guards(program: Program, env: Env, e: Expr): boolean {
  if (!isPlain(e)) return false;
  const { roles } = classify(program, evaluate(program, env, e));
  return roles.includes('authenticates') && !roles.includes('unknown');
}

/** Names at the root of expressions, if all of them are the module's. */
function namesIn(list: readonly Expr[]): string[] | undefined {
  const out = new Set<string>();
  let isModule = true;
  for (const e of list)
    eachExpr(e, one => {
      if (one.k !== 'id') return;
      if (one.s === 0) out.add(one.n);
      else isModule = false;
    });
  return isModule ? [...out] : undefined;
}

/** A name or a call of a name: text that means the same wherever its names do. */
function isPlain(e: Expr): boolean {
  if (e.k === 'id') return true;
  if (e.k === 'mem') return isPlain(e.o);
  return (
    e.k === 'call' && isPlain(e.f) && e.a.every(arg => arg.k === 'str' || (arg.k === 'obj' && arg.props.length === 0))
  );
}
