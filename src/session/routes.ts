import type { Endpoint } from '../engine/link/endpoint.ts';
import type { Model } from '../engine/link/model.ts';
import type { RouteInfo } from './api.ts';

/** Everything of a model that answers somebody. */
export function listed({ endpoints, fields }: Model): readonly Endpoint[] {
  return [...endpoints, ...fields];
}

/** An endpoint of the model as plain data for surfaces. */
export function toRouteInfo(endpoint: Endpoint): RouteInfo {
  const { handler } = endpoint;
  return {
    id: endpoint.id,
    method: endpoint.method,
    path: endpoint.path,
    framework: endpoint.framework,
    unit: endpoint.unit,
    span: endpoint.span,
    ...(handler ? { handler: { file: handler.file, start: handler.fn.np[0], end: handler.fn.np[1] } } : {}),
    verdicts: {
      auth: endpoint.auth,
      authorization: endpoint.authorization,
      validation: endpoint.validation,
      rateLimit: endpoint.rateLimit,
    },
    proof: endpoint.proof,
    // A route that asks who is calling is not open, whatever its name suggests.
    ...(endpoint.isPublic === undefined || endpoint.auth === 'yes' ? {} : { isPublic: endpoint.isPublic }),
    ...(endpoint.partial === undefined ? {} : { partial: endpoint.partial }),
  };
}
