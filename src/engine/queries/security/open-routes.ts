import { isPasswordName } from '../../../common/sensitive-names.ts';
import type { Endpoint, MiddlewareRole } from '../../link/endpoint.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import type { Value } from '../../link/values.ts';
import { bodyReads } from '../input-reads.ts';
import { receiverOf } from '../webhooks.ts';
import { isMeantForStrangers } from './meant-for-strangers.ts';

/** Methods under which a request may change something. */
export const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'ALL', 'MUTATION']);

/** Whether nothing on an endpoint's way asks who is calling, as far as all of it is known, and nothing says why. */
export function answersAnyone({ program }: Model, endpoint: Endpoint): boolean {
  if (endpoint.auth !== 'no' || endpoint.partial !== undefined || endpoint.isPublic !== undefined) return false;
  if (endpoint.chain.some(link => link.roles.includes('verifies-token')) || isMeantForStrangers(program, endpoint))
    return false;
  // Who is turned away for another reason than a credential: an address, a setting, something only they can know.
  if (endpoint.chain.some(({ via, value, roles }) => via !== 'in the handler' && refusesSome(program, value, roles)))
    return false;
  // Who sends webhooks cannot sign in; their signature is judged apart.
  return (receiverOf(program, endpoint)?.signs.length ?? 0) < 2;
}

function refusesSome(program: Program, value: Value, roles: readonly MiddlewareRole[]): boolean {
  return roles.every(role => role === 'neutral') && classify(program, value).turnsAway === true;
}

/** Routes that make an account or hand out a token: nobody is signed in before that. */
export function signingUp({ program, endpoints, operations, reached }: Model): ReadonlySet<Endpoint> {
  const signs = operations('password-hash', 'password-compare', 'jwt-sign');
  const all = new Set(signs.flatMap(({ fn }) => reached.get(fn)?.endpoints ?? []));
  return new Set(
    endpoints.filter(
      endpoint =>
        endpoint.method === 'POST' &&
        !endpoint.path.includes(':') &&
        (all.has(endpoint) || (endpoint.auth === 'no' && takesPassword(program, endpoint))),
    ),
  );
}

/** Whoever sends a password proves or chooses one: what is done with it may be out of sight. */
function takesPassword(program: Program, endpoint: Endpoint): boolean {
  return bodyReads(program, endpoint)?.fields.some(isPasswordName) === true;
}
