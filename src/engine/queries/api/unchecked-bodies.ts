import type { Endpoint } from '../../link/endpoint.ts';
import { perModel } from '../../link/kept/per-model.ts';
import type { Model } from '../../link/model.ts';
import type { FunctionFact } from '../../model/facts.ts';
import { type BodyReads, bodyReads } from '../input-reads.ts';
import { uncheckedDtos } from './unchecked-dtos.ts';

/** A route whose body goes on to a store or another service without a check. */
export interface UncheckedBody {
  readonly endpoint: Endpoint;
  readonly reads: BodyReads;
}

const WRITES = new Set(['create', 'update', 'upsert', 'delete']);

/** One per handler, whatever routes it answers. */
export const uncheckedBodies: (model: Model) => readonly UncheckedBody[] = perModel(model => {
  const effects = new Set<Endpoint>();
  for (const operation of model.operations('db', 'sql', 'http-request', 'message-publish')) {
    if (operation.kind === 'db' && !WRITES.has(String(operation.is['action']))) continue;
    for (const endpoint of model.reached.get(operation.fn)?.endpoints ?? []) effects.add(endpoint);
  }
  const seen = new Set<FunctionFact>();
  // Where a pipe stands before the route, what is wrong is told at the type that it cannot check.
  const piped = new Set(uncheckedDtos(model).flatMap(({ endpoints }) => endpoints));
  return [...model.endpoints]
    .sort((a, b) => bodyRank(a) - bodyRank(b))
    .flatMap(endpoint => {
      const { handler, chain, validation, partial } = endpoint;
      if (!handler || partial !== undefined || validation !== 'no' || !effects.has(endpoint)) return [];
      if (seen.has(handler.fn) || piped.has(endpoint) || !model.isJudged(handler.file)) return [];
      seen.add(handler.fn);
      if (chain.some(link => link.roles.includes('verifies-signature'))) return [];
      const reads = bodyReads(model.program, endpoint);
      return reads && !reads.checked ? [{ endpoint, reads }] : [];
    });
});

/** Where one handler answers several methods, the body is that of the first of these. */
function bodyRank({ method }: Endpoint): number {
  const rank = ['POST', 'PUT', 'PATCH', 'ALL', 'DELETE'].indexOf(method);
  return rank === -1 ? 5 : rank;
}
