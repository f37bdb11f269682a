import { type ApiValue, stringOf, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { linksOf, methodOf } from '../shared/chains.ts';
import { methodSpan } from '../shared/routes.ts';

export const PROCEDURE = '@trpc/server.Procedure';
/** A procedure that got its resolver. */
export const RESOLVED = '@trpc/server.ResolvedProcedure';
export const MIDDLEWARE = '@trpc/server.Middleware';

export type ProcedureKind = 'QUERY' | 'MUTATION' | 'SUBSCRIPTION';

const KINDS: Readonly<Record<string, ProcedureKind>> = {
  query: 'QUERY',
  mutation: 'MUTATION',
  subscription: 'SUBSCRIPTION',
};

/** A REST address that metadata gives a procedure. */
export interface RestAddress {
  readonly method: string;
  readonly path: string;
}

/** One procedure: what its base and its own chain put before the resolver, in order. */
export interface Procedure {
  readonly kind: ProcedureKind;
  readonly steps: readonly Value[];
  readonly inputs: readonly ApiValue[];
  readonly resolver: Value;
  readonly rest: RestAddress | undefined;
  readonly span: Span;
}

/** Reads `base.use(…).input(…).query(…)` from its end back to where the chain began. */
export function procedureOf(value: ApiValue): Procedure | undefined {
  const kind = value.from && KINDS[methodOf(value)];
  const resolver = value.made?.args[0];
  if (!kind || !resolver || !value.made) return undefined;
  const links = linksOf(value);
  const metas = links.filter(link => methodOf(link) === 'meta');
  return {
    kind,
    steps: links.flatMap(link => (methodOf(link) === 'use' ? stepsOf(link.made?.args[0]) : [])),
    inputs: links.filter(link => methodOf(link) === 'input'),
    resolver,
    rest: metas.map(link => restOf(link.made?.args[0])).findLast(one => one !== undefined),
    span: methodSpan(value.made),
  };
}

/** A middleware, or the pieces it was piped together of. */
function stepsOf(value: Value | undefined): Value[] {
  if (!value) return [];
  if (value.k !== 'api' || value.path !== MIDDLEWARE) return [value];
  const before = methodOf(value) === 'unstable_pipe' ? stepsOf(value.from?.from) : [];
  return [...before, ...(value.made?.args[0] ? stepsOf(value.made.args[0]) : [])];
}

function restOf(meta: Value | undefined): RestAddress | undefined {
  const openapi = meta?.k === 'object' ? meta.props.get('openapi') : undefined;
  if (openapi?.k !== 'object') return undefined;
  const enabled = openapi.props.get('enabled');
  const method = stringOf(openapi.props.get('method'));
  const path = stringOf(openapi.props.get('path'));
  const isOff = enabled?.k === 'const' && enabled.v === false;
  return isOff || method === undefined || path === undefined ? undefined : { method, path };
}
