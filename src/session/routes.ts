import type { Endpoint } from '../engine/link/endpoint.ts';
import type { Model } from '../engine/link/model.ts';
import type { Operation } from '../engine/link/operations.ts';
import { stringOf, type Value } from '../engine/link/values.ts';
import { type Contract, contractsOf } from '../engine/queries/contract.ts';
import { inputSchemas } from '../engine/queries/input-schema.ts';
import { answeredStatuses, credentialOf } from '../engine/queries/route-answers.ts';
import type { RouteDescription, RouteInfo, RouteUse } from './api.ts';

/** The endpoints of a model as plain data for surfaces. */
export function routeInfos(model: Model): readonly RouteInfo[] {
  const contracts = contractsOf(model);
  return listed(model).map(endpoint => toRouteInfo(endpoint, contracts.get(endpoint)!));
}

/** What an API document would say of the HTTP routes. */
export function describeRoutes(model: Model): RouteDescription[] {
  const infos = new Map(routeInfos(model).map(info => [info.id, info]));
  return model.endpoints.flatMap(endpoint => {
    const route = infos.get(endpoint.id);
    const credential = credentialOf(model.program, endpoint);
    if (!route) return [];
    const input = inputSchemas(model, endpoint);
    const statuses = answeredStatuses(model.program, endpoint);
    return [{ route, input, statuses, ...(credential ? { credential } : {}) }];
  });
}

/** Everything of a model that answers somebody. */
export function listed({ endpoints, fields }: Model): readonly Endpoint[] {
  return [...endpoints, ...fields];
}

function toRouteInfo(endpoint: Endpoint, contract: Contract): RouteInfo {
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
    input: contract.input,
    roles: contract.roles,
    steps: contract.steps.map(({ link: { span, via, roles, why, evidence }, level, name }) => ({
      span,
      level,
      via,
      roles,
      why,
      evidence,
      ...(name === undefined ? {} : { name }),
    })),
    proof: endpoint.proof,
    queries: contract.queries.map(toUse),
    calls: contract.calls.map(toUse),
    // A route that asks who is calling is not open, whatever its name suggests.
    ...(endpoint.isPublic === undefined || endpoint.auth === 'yes' ? {} : { isPublic: endpoint.isPublic }),
    ...(endpoint.partial === undefined ? {} : { partial: endpoint.partial }),
  };
}

function toUse({ callee, callSpan, span, is, args }: Operation): RouteUse {
  const target = args['url'] ?? args['topic'];
  const words = [is['model'], is['action']].filter(word => typeof word === 'string');
  const what = [callee, ...words, target ? textOf(target.value) : ''].filter(Boolean).join(' ');
  return { span: { ...callSpan, end: span.end }, what };
}

function textOf(value: Value): string {
  if (value.k === 'template') return value.parts.map(part => (typeof part === 'string' ? part : '…')).join('');
  return stringOf(value) ?? '';
}
