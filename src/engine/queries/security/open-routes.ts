import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import { receiverOf } from '../webhooks.ts';
import { isMeantForStrangers } from './meant-for-strangers.ts';

/** Methods under which a request may change something. */
export const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'ALL', 'MUTATION']);

/** Whether nothing on an endpoint's way asks who is calling, as far as all of it is known, and nothing says why. */
export function answersAnyone({ program }: Model, endpoint: Endpoint): boolean {
  if (endpoint.auth !== 'no' || endpoint.partial !== undefined || endpoint.isPublic !== undefined) return false;
  if (endpoint.chain.some(link => link.roles.includes('verifies-token')) || isMeantForStrangers(program, endpoint))
    return false;
  // Who sends webhooks cannot sign in; their signature is judged apart.
  return (receiverOf(program, endpoint)?.signs.length ?? 0) < 2;
}

/** Routes that make an account or hand out a token: nobody is signed in before that. */
export function signingUp({ operations, reached }: Model): ReadonlySet<Endpoint> {
  const signs = operations('password-hash', 'password-compare', 'jwt-sign');
  const all = signs.flatMap(({ fn }) => reached.get(fn)?.endpoints ?? []);
  return new Set(all.filter(({ method, path }) => method === 'POST' && !path.includes(':')));
}
