import { methodOf } from '../../link/call-index.ts';
import type { ChainLink, MiddlewareRole } from '../../link/endpoint.ts';
import { classify } from '../../link/guards.ts';
import { covers, joinPaths } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import type { RouteVerdict } from '../../link/router.ts';
import { alternatives, type FuncValue, sameValue, stringOf, UNKNOWN, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import type { DecoratedMethod } from '../shared/decorated-methods.ts';
import type { Decoration } from '../shared/decorations.ts';
import { isFalse } from '../shared/values.ts';
import { gatesOf } from './gates.ts';
import { metadataOf } from './metadata.ts';
import type { Serving } from './serving.ts';
import type { ConsumerStep } from './state.ts';
import { type Pipe, validationSteps } from './validation.ts';

export interface RouteContext extends DecoratedMethod {
  readonly serving: Serving;
  /** Full path, and the path without the global prefix. */
  readonly path: string;
  readonly local: string;
  readonly verb: string;
}

type Steps = { steps: ChainLink[]; isPublic: string | undefined };

/** What stands before a route: module middleware, guards from the outside in, then pipes. */
export function judgeRoute(program: Program, context: RouteContext): () => RouteVerdict {
  return () => {
    const { serving, onClass, onMethod, handler } = context;
    const out: Steps = { steps: [], isPublic: undefined };
    for (const step of serving.graph.steps) {
      if (coversRoute(step, context))
        for (const value of step.middleware)
          out.steps.push({ value, ...classify(program, value), span: step.span, via: 'middleware of a module' });
    }
    if (serving.graph.unresolved) out.steps.push(unknownStep(serving.router.span, serving.graph.unresolved));
    addGuards(program, context, out);
    const pipes: Pipe[] = [...serving.pipes];
    for (const one of [...onClass, ...onMethod])
      if (one.path === '@nestjs/common.UsePipes')
        for (const value of one.args) pipes.push({ value, via: `@${one.name} on the ${where(one, onMethod)}` });
    out.steps.push(...validationSteps(program, handler, pipes));
    return out;
  };
}

/** Guards of the application, the class and the method, with the metadata that switches them off and on. */
export function addGuards(
  program: Program,
  context: Pick<RouteContext, 'serving' | 'onClass' | 'onMethod'>,
  out: Steps,
): void {
  const { serving, onClass, onMethod } = context;
  const all = [...onClass, ...onMethod];
  for (const { value, via, span } of serving.guards) addGuard(program, value, all, via, span, out);
  for (const one of all) {
    const via = `@${one.name} on the ${where(one, onMethod)}`;
    if (one.path === '@nestjs/common.UseGuards')
      for (const value of one.args) addGuard(program, value, all, via, one.span, out);
    else if (one.path === '' && MAY_GUARD.test(one.name))
      out.steps.push({ ...unknownStep(one.span, via), name: one.name });
    else if (OPEN.test(one.path)) out.isPublic ??= `marked @${one.name}`;
  }
}

const MAY_GUARD = /auth|guard|role|permission|protect|secure|acl/i;
/** Marks of libraries that bring their own global guard. */
const OPEN = /^(?!@nestjs\/common).*\.(?:Public|Unprotected|AllowAnonymous|AllowUnauthenticatedRequest)$/;

function where(one: Decoration, onMethod: readonly Decoration[]): string {
  return onMethod.includes(one) ? 'method' : 'class';
}

function unknownStep(span: Span, why: string): ChainLink {
  return { value: UNKNOWN, roles: ['unknown'], span, via: 'modules', why, evidence: [] };
}

function addGuard(
  program: Program,
  value: Value,
  decorations: readonly Decoration[],
  via: string,
  span: Span,
  out: Steps,
): void {
  const known = classify(program, value);
  const gates = guardGates(program, value);
  const found = new Map(
    decorations.flatMap(one => {
      const meta = metadataOf(one);
      return meta ? [[meta.key, { name: one.name, value: meta.value }] as const] : [];
    }),
  );
  const off = [...(gates?.off ?? [])].map(key => found.get(key)).find(one => one && !isFalse(one.value));
  if (off) {
    out.isPublic ??= `marked @${off.name}`;
    out.steps.push({ value, roles: ['neutral'], span, via, why: `@${off.name} switches it off`, evidence: [] });
    return;
  }
  if (gates?.on.size && ![...gates.on].some(key => found.has(key))) {
    const why = `${known.why}, but only where its decorator stands`;
    out.steps.push({ value, roles: ['neutral'], span, via, why, evidence: [] });
    return;
  }
  const skips = decorations.filter(one => one.path === '@nestjs/throttler.SkipThrottle');
  const skipsAll = skips.some(one => !skipsByName(one));
  const roles: MiddlewareRole[] = known.roles.filter(role => !(skipsAll && role === 'limits-rate'));
  const mayNotRun = skips.length > 0 && roles.includes('limits-rate') && !roles.includes('unknown');
  if (mayNotRun) roles.push('unknown');
  if (roles.includes('signs-in')) out.isPublic ??= 'part of signing in';
  const asks = [...(gates?.on ?? [])].flatMap(key => strings(found.get(key)?.value));
  out.steps.push({
    value,
    ...known,
    roles: roles.length ? roles : ['neutral'],
    span,
    via,
    ...(mayNotRun ? { mayNotRun } : {}),
    ...(asks.length > 0 ? { asks } : {}),
  });
}

/** `@SkipThrottle({ strict: true })` leaves the throttlers of other names on. */
function skipsByName({ args: [names] }: Decoration): boolean {
  return names?.k === 'object' && !names.props.has('default');
}

function strings(value: Value | undefined): string[] {
  if (value?.k === 'array') return value.items.flatMap(strings);
  const text = stringOf(value);
  return text === undefined ? [] : [text];
}

function guardGates(program: Program, value: Value): ReturnType<typeof gatesOf> | undefined {
  for (const one of alternatives(value)) {
    const cls = one.k === 'class' ? one : one.k === 'instance' ? one.of : undefined;
    const method: FuncValue | undefined = cls && methodOf(program, cls, 'canActivate');
    if (method) return gatesOf(program, method);
  }
  return undefined;
}

/** Whether `forRoutes` names this route's path, method or controller, and `exclude` does not. */
export function coversRoute({ routes, excluded }: ConsumerStep, context: RouteContext): boolean {
  if (excluded.some(one => matches(one, context, 'exact'))) return false;
  return routes.some(one => matches(one, context, 'prefix'));
}

function matches(route: Value, context: RouteContext, match: 'prefix' | 'exact'): boolean {
  if (route.k === 'class') return sameValue(route, context.cls);
  const path = stringOf(route.k === 'object' ? route.props.get('path') : route);
  if (path === undefined) return false;
  const verb = route.k === 'object' ? route.props.get('method') : undefined;
  const hasVerb = verb?.k === 'api' && !verb.path.endsWith('.ALL');
  if (hasVerb && !verb.path.endsWith(`.${context.verb}`)) return false;
  const mount = joinPaths(path.replace(/^\*$|\{\*\w+\}$|\*\w*$/, '*'));
  return [context.local, context.path].some(own => covers(mount, own, hasVerb ? 'exact' : match) === true);
}
