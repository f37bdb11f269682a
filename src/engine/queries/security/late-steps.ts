import type { Endpoint, MiddlewareRole } from '../../link/endpoint.ts';
import { eachExprIn } from '../../link/env.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import { covers, joinPaths, normalisePath, pathText } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import type { RouterEntry, RouterObject } from '../../link/router.ts';
import type { FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A step that protects, registered where it never runs for routes it was written for. */
export interface LateStep {
  readonly role: 'authenticates' | 'limits-rate' | 'csrf' | 'security-headers';
  /** Where it is registered. */
  readonly span: Span;
  /** `late`: below the routes; `exact`: for one path only, while the routes stand below that path. */
  readonly kind: 'late' | 'exact';
  readonly path: string;
  /** The routes it misses, in the order of registration. */
  readonly routes: readonly Endpoint[];
  /** The first entry of the same router that it would have to stand above. */
  readonly above: Span;
}

const ROLES = ['authenticates', 'limits-rate', 'csrf', 'security-headers'] as const;
const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'ALL']);

/**
 * Steps of routers that run in order and come too late. One that has routes of its own behind it may divide open from
 * guarded ones on purpose; it is told of only where it is bound to a path, or where nothing comes after it.
 */
export function lateSteps({ program, endpoints }: Model): LateStep[] {
  const bySpan = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const list = bySpan.get(keyOf(endpoint.span));
    if (list) list.push(endpoint);
    else bySpan.set(keyOf(endpoint.span), [endpoint]);
  }
  return program.routers
    .filter(router => router.order === 'ordered')
    .flatMap(router =>
      router.entries.flatMap((entry, position) => judge(program, router, entry, position, bySpan) ?? []),
    );
}

function judge(
  program: Program,
  { entries }: RouterObject,
  entry: RouterEntry,
  position: number,
  bySpan: ReadonlyMap<string, readonly Endpoint[]>,
): LateStep | undefined {
  if (entry.k !== 'use' || entry.conditional || entry.stage) return undefined;
  const at = pathText(entry.path);
  const role = at.complete ? roleOf(program, entry) : undefined;
  if (!role) return undefined;
  const isExact = entry.match === 'exact';
  const missed = (one: Placed): boolean =>
    covers(at.path, one.path) === true &&
    !(isExact && covers(at.path, one.path, 'exact') !== false) &&
    one.endpoints.length > 0 &&
    one.endpoints.every(endpoint => lacks(endpoint, role));
  const place = (list: readonly RouterEntry[]): Placed[] => list.flatMap(one => placed(one, '', bySpan, []));
  if (isExact) {
    const all = place(entries);
    if (all.some(one => covers(at.path, one.path, 'exact') !== false)) return undefined;
    const routes = all.filter(missed);
    const [first] = routes;
    const kind = 'exact';
    return first && { role, span: entry.span, kind, path: at.path, routes: endpointsOf(routes), above: first.span };
  }
  const routes = place(entries.slice(0, position)).filter(missed);
  const [first] = routes;
  const isBound = at.path !== '' && !/^\/?\*?$/.test(at.path);
  if (!first || (!isBound && entries.slice(position + 1).some(one => mayServe(program, one)))) return undefined;
  const above = entries.find(one => placed(one, '', bySpan, []).some(({ span }) => span === first.span))!.span;
  return { role, span: entry.span, kind: 'late', path: at.path, routes: endpointsOf(routes), above };
}

/** A route below an entry of a router: its path from there. */
interface Placed {
  readonly path: string;
  readonly span: Span;
  readonly endpoints: readonly Endpoint[];
}

function placed(
  entry: RouterEntry,
  prefix: string,
  bySpan: ReadonlyMap<string, readonly Endpoint[]>,
  stack: readonly RouterObject[],
): Placed[] {
  const text = pathText(entry.path);
  const path = normalisePath(joinPaths(prefix, text.path));
  if (entry.k === 'route') {
    const endpoints = text.complete ? (bySpan.get(keyOf(entry.span)) ?? []) : [];
    return [
      { path, span: entry.span, endpoints: endpoints.filter(one => one.path.endsWith(path === '/' ? '' : path)) },
    ];
  }
  return entry.handlers.flatMap(handler => {
    if (handler.k !== 'router' || stack.includes(handler.router)) return [];
    const { router } = handler;
    const inner = joinPaths(path, pathText(router.prefix).path);
    return router.entries.flatMap(one => placed(one, inner, bySpan, [...stack, router]));
  });
}

function roleOf(program: Program, { handlers }: RouterEntry): LateStep['role'] | undefined {
  const roles = handlers.flatMap((value): readonly MiddlewareRole[] =>
    value.k === 'router' ? [] : classify(program, value).roles,
  );
  return roles.includes('unknown') ? undefined : ROLES.find(role => roles.includes(role));
}

function lacks(endpoint: Endpoint, role: LateStep['role']): boolean {
  if (endpoint.partial !== undefined || (endpoint.method === 'ALL' && endpoint.path.includes('*'))) return false;
  if (role === 'authenticates') return endpoint.auth === 'no' && endpoint.isPublic === undefined;
  if (role === 'limits-rate') return endpoint.rateLimit === 'no' && endpoint.isPublic !== 'a health check';
  const has = endpoint.chain.some(({ roles }) => roles.includes(role) || roles.includes('unknown'));
  return !has && (role !== 'csrf' || UNSAFE.has(endpoint.method));
}

/** Whether requests may be answered by an entry: all but error handlers and the last word on unknown paths. */
function mayServe(program: Program, entry: RouterEntry): boolean {
  if (entry.k === 'route') return !/^\/?\*/.test(pathText(entry.path).path);
  return entry.handlers.some(handler => {
    if (handler.k !== 'func') return !LIBRARY_STEP.has(classify(program, handler).roles[0] ?? 'unknown');
    return handler.fn.params.length !== 4 && (entry.path !== undefined || !answersNotFound(handler.fn));
  });
}

function answersNotFound(fn: FunctionFact): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if ((e.k === 'num' && e.v === 404) || (e.k === 'call' && e.new && e.f.k === 'id' && /NotFound/.test(e.f.n)))
      found = true;
  });
  return found;
}

const LIBRARY_STEP = new Set<string>(['handles-errors', 'logs', 'traces', 'authenticates', ...ROLES]);

function endpointsOf(list: readonly Placed[]): Endpoint[] {
  return list.flatMap(one => one.endpoints);
}

function keyOf({ file, start }: Span): string {
  return `${file}:${start}`;
}
