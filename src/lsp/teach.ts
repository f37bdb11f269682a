import { answers, type RouteInfo, type RouteStep, type Teaching } from '../session/api.ts';

/** Steps a person may know better, the nearest to the handler first; more would bury the other actions. */
const OFFERED = 2;

/** What to write so that a step of the route counts, or the route is meant to be open; undefined if it has no name. */
export function teachingOf(route: RouteInfo, key: Teaching['key'], name?: string): Teaching | undefined {
  if (key !== 'publicRoutes') {
    const known = route.steps.some(step => step.name === name);
    if (name === undefined || !known) return undefined;
    return { key, entry: name, file: name.includes('#') ? name.slice(0, name.indexOf('#')) : route.span.file };
  }
  if (!/^\/\S*$/.test(route.path)) return undefined;
  return { key, entry: route.method === 'ALL' ? route.path : `${route.method} ${route.path}`, file: route.span.file };
}

/** Names of steps that may be guards though nothing shows it: the project's own, or what cannot be seen through. */
export function guardCandidates({ steps }: RouteInfo): readonly string[] {
  const names = steps.filter(mayGuard).flatMap(({ name }) => name ?? []);
  return [...new Set(names.reverse())].slice(0, OFFERED);
}

/** Wrappers are left to the view: most only pass errors on. */
function mayGuard({ name, roles, level }: RouteStep): boolean {
  if (name === undefined || level === 'handler' || level === 'wrapper' || answers('auth', roles)) return false;
  return (
    roles.includes('unknown') ||
    (name.includes('#') && roles.every(role => role === 'neutral' || role === 'recognises'))
  );
}

/** The name as people know it, without its file. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('#') + 1);
}
