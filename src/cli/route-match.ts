import type { RouteInfo } from '../session/api.ts';

/**
 * Routes that a person means by a method and a path: those that are written so, whatever their parameters are called,
 * else those that answer a path such as `/orders/42`.
 */
export function routesAt(routes: readonly RouteInfo[], method: string, path: string): RouteInfo[] {
  const verb = method.toUpperCase();
  const answering = routes.filter(route => route.method === verb || route.method === 'ALL' || verb === 'ALL');
  const wanted = segments(path);
  const same = answering.filter(route => equal(segments(route.path), wanted));
  return same.length > 0 ? same : answering.filter(route => answers(segments(route.path), wanted));
}

function equal(own: readonly string[], wanted: readonly string[]): boolean {
  return own.length === wanted.length && own.every((part, at) => shape(part) === shape(wanted[at] ?? ''));
}

function answers(own: readonly string[], wanted: readonly string[]): boolean {
  for (const [at, part] of own.entries()) {
    if (part.startsWith('*')) return true;
    const given = wanted[at];
    if (given === undefined || (shape(part) !== ':' && part !== given)) return false;
  }
  return own.length === wanted.length;
}

function shape(part: string): string {
  return /^:|^\{.*\}$|^\[.*\]$/.test(part) ? ':' : part;
}

function segments(path: string): string[] {
  return path.split('/').filter(part => part !== '');
}
