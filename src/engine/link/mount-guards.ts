import type { ChainLink, Endpoint, Verdict } from './endpoint.ts';

/** Why the endpoint of a whole GraphQL schema is not judged itself. */
export const JUDGED_BY_FIELD = 'each root field of its schema is judged';

/**
 * What stands before a GraphQL endpoint stands before every root field of its schema: `app.use('/graphql', guard, …)`.
 * Which of several endpoints serves a schema cannot be told, so a field is guarded where all of its service's are.
 */
export function behindMounts(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const mounts = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    if (endpoint.isPublic !== JUDGED_BY_FIELD) continue;
    const list = mounts.get(endpoint.unit);
    if (list) list.push(endpoint);
    else mounts.set(endpoint.unit, [endpoint]);
  }
  if (mounts.size === 0) return endpoints;
  return endpoints.map(endpoint => {
    const own = endpoint.protocol === 'graphql' ? mounts.get(endpoint.unit) : undefined;
    return own ? behind(endpoint, own) : endpoint;
  });
}

function behind(field: Endpoint, mounts: readonly Endpoint[]): Endpoint {
  const [first] = mounts;
  const auth: Verdict = mounts.every(one => one.auth === 'yes')
    ? 'yes'
    : mounts.some(one => one.auth !== 'no')
      ? 'unknown'
      : 'no';
  if (auth === 'no' || field.auth === 'yes' || (auth === 'unknown' && field.auth === 'unknown')) return field;
  const guards = auth === 'yes' ? first!.chain.filter(isGuard) : [];
  const proof = first!.proof.filter(({ aspect, span }) => aspect === 'auth' && guards.some(one => one.span === span));
  return { ...field, auth, chain: [...guards, ...field.chain], proof: [...proof, ...field.proof] };
}

function isGuard({ roles }: ChainLink): boolean {
  return roles.includes('authenticates') || roles.includes('authorizes');
}
