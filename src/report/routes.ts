import { INPUT_PARTS, type InputPart, type RouteInfo, type Verdict } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { table } from './table.ts';
import { count } from './words.ts';

const WORDS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'no', unknown: '?' };

/** One line for each route: what it asks of its callers and what it does; `?` where the code does not tell. */
export function renderRoutesTable(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  if (routes.length === 0) return 'No routes found.\n';
  const partial = routes.filter(route => route.partial !== undefined).length;
  const rows = routes.map(route => [
    route.method,
    route.partial === undefined ? route.path : `${route.path} *`,
    authWord(route),
    roleWord(route),
    ...INPUT_PARTS.map(part => partWord(route, part)),
    WORDS[route.verdicts.rateLimit],
    tally(route.queries),
    tally(route.calls),
    `${route.span.file}:${placeOf(route.span).line}`,
  ]);
  const parts = INPUT_PARTS.map(part => part.toUpperCase());
  const heading = ['METHOD', 'PATH', 'AUTH', 'ROLES', ...parts, 'LIMIT', 'DB', 'CALLS', 'PLACE'];
  const note =
    partial > 0
      ? `* ${count(partial, 'route')} with a part of the path or its guards that could not be resolved\n`
      : '';
  return `${table([heading, ...rows])}\n${count(routes.length, 'route')}\n${note}`;
}

/** For programs: one entry per method, path and service. `auth` is null where the code does not tell. */
export function renderRoutesJson(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  return `${JSON.stringify({ endpoints: routes.map(route => routeJson(route, placeOf)) }, undefined, 2)}\n`;
}

export function routeJson(route: RouteInfo, placeOf: PlaceFinder): object {
  const at = (span: RouteInfo['span']): { file: string; line: number } => ({
    file: span.file,
    line: placeOf(span).line,
  });
  return {
    method: route.method,
    path: route.path,
    ...at(route.span),
    auth: { yes: true, no: false, unknown: null }[route.verdicts.auth],
    verdicts: { ...route.verdicts, input: route.input },
    proof: route.proof.map(({ aspect, message, span }) => ({ aspect, message, ...at(span) })),
    partial: route.partial ?? null,
    public: route.isPublic ?? null,
    roles: route.roles,
    queries: route.queries.map(({ what, span }) => ({ what, ...at(span) })),
    calls: route.calls.map(({ what, span }) => ({ what, ...at(span) })),
    framework: route.framework,
    service: route.unit,
    handler: route.handler ? at(route.handler) : null,
  };
}

/** Files whose text is needed to place what the routes point at. */
export function filesOfRoutes(routes: readonly RouteInfo[]): string[] {
  const files = new Set<string>();
  for (const { span, handler, proof, steps, queries, calls } of routes) {
    files.add(span.file);
    if (handler) files.add(handler.file);
    for (const one of [...proof, ...queries, ...calls]) files.add(one.span.file);
    for (const step of steps) for (const one of [step, ...step.evidence]) files.add(one.span.file);
  }
  return [...files].sort();
}

/** `yes`, `no`, `?`, or `public` for what is open on purpose. */
export function authWord({ verdicts, isPublic }: RouteInfo): string {
  return isPublic === undefined ? WORDS[verdicts.auth] : 'public';
}

/** The names of the roles where they are known. */
export function roleWord({ verdicts, roles }: RouteInfo): string {
  return verdicts.authorization === 'yes' && roles.length > 0 ? roles.join(' ') : WORDS[verdicts.authorization];
}

/** `-` for a part that the route does not take. */
export function partWord({ input }: RouteInfo, part: InputPart): string {
  const verdict = input[part];
  return verdict === undefined ? '-' : WORDS[verdict];
}

function tally(list: readonly unknown[]): string {
  return list.length === 0 ? '-' : String(list.length);
}
