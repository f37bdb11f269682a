import type { RouteInfo, Verdict } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { location } from './json.ts';
import { table } from './table.ts';
import { count } from './words.ts';

const WORDS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'no', unknown: '?' };

/** One line for each route: what is known of its protection; `?` where the code does not tell. */
export function renderRoutesTable(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  if (routes.length === 0) return 'No routes found.\n';
  const partial = routes.filter(route => route.partial !== undefined).length;
  const rows = routes.map(({ method, path, verdicts, isPublic, partial: why, span, framework }) => [
    method,
    why === undefined ? path : `${path} *`,
    isPublic === undefined ? WORDS[verdicts.auth] : 'public',
    WORDS[verdicts.authorization],
    WORDS[verdicts.validation],
    WORDS[verdicts.rateLimit],
    framework,
    `${span.file}:${placeOf(span).line}`,
  ]);
  const heading = ['METHOD', 'PATH', 'AUTH', 'ROLE', 'INPUT', 'LIMIT', 'FRAMEWORK', 'PLACE'];
  const note =
    partial > 0
      ? `* ${count(partial, 'route')} with a part of the path or its guards that could not be resolved\n`
      : '';
  return `${table([heading, ...rows])}\n${count(routes.length, 'route')}\n${note}`;
}

export function renderRoutesJson(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  const list = routes.map(({ span, handler, proof, ...route }) => ({
    ...route,
    location: location(span, placeOf),
    ...(handler ? { handler: location(handler, placeOf) } : {}),
    proof: proof.map(step => ({ aspect: step.aspect, message: step.message, location: location(step.span, placeOf) })),
  }));
  return `${JSON.stringify({ version: 1, routes: list }, undefined, 2)}\n`;
}

/** Files whose text is needed to place what the routes point at. */
export function filesOfRoutes(routes: readonly RouteInfo[]): string[] {
  const files = new Set<string>();
  for (const { span, handler, proof } of routes) {
    for (const at of [span, ...(handler ? [handler] : []), ...proof.map(step => step.span)]) files.add(at.file);
  }
  return [...files].sort();
}
