import type { Endpoint } from '../link/endpoint.ts';
import type { Unit } from '../link/units.ts';

const HEALTH =
  /(?:^|[/._-])(?:health|healthz|healthcheck|health-check|ready|readyz|readiness|live|livez|liveness|ping|up|alive)(?:$|[/._-])/i;

/** Routes that say whether the service is well, those for readiness first. */
export function healthRoutes({ routes }: Unit): readonly Endpoint[] {
  return routes
    .filter(
      ({ method, path, partial, auth }) =>
        isRead(method) && partial === undefined && auth !== 'yes' && HEALTH.test(path) && !path.includes(':'),
    )
    .sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'ALL' || method === 'HEAD';
}

function rank({ path }: Endpoint): number {
  return /ready|readiness/i.test(path) ? 0 : /live|ping|up|alive/i.test(path) ? 2 : 1;
}
