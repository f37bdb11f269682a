import type { ChainLink, Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { loginCookieSetups, sameSiteOf } from '../cookies.ts';

/** A service in which a form on any page can act for whoever is signed in. */
export interface Forgeable {
  /** Where the login cookie is set up. */
  readonly setup: Operation;
  /** `none`: the cookie is sent along from other sites on purpose; `unset`: browsers decide. */
  readonly sameSite: 'none' | 'unset';
  readonly routes: readonly Endpoint[];
}

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export function forgeableServices(model: Model): Forgeable[] {
  const { project, endpoints } = model;
  const unitOf = (file: string): string => project.packageOf(file)?.folder ?? '';
  const setups = loginCookieSetups(model);
  const forms = model
    .operations('body-parser', 'upload-setup')
    .filter(({ kind, is }) => kind === 'upload-setup' || is['form']);
  return [...new Set(setups.map(({ file }) => unitOf(file)))].flatMap((unit): Forgeable[] => {
    const own = setups.filter(({ file }) => unitOf(file) === unit);
    const states = own.map(sameSiteOf);
    // One cookie that cannot be seen may be the one that counts.
    if (states.includes(undefined) || states.every(state => state === 'set')) return [];
    // Bodies of other types make browsers ask first.
    if (!forms.some(({ file }) => unitOf(file) === unit)) return [];
    const routes = endpoints.filter(endpoint => endpoint.unit === unit && isForgeable(endpoint));
    const sameSite = states.includes('none') ? 'none' : 'unset';
    const setup = own[states.indexOf(sameSite)];
    return setup && routes.length ? [{ setup, sameSite, routes }] : [];
  });
}

/** A route that changes something for people whom a cookie alone makes known, without a look at who sent the request. */
function isForgeable({ method, chain, auth, partial }: Endpoint): boolean {
  if (!UNSAFE.has(method) || auth !== 'yes' || partial !== undefined) return false;
  if (chain.some(({ roles }) => roles.includes('csrf') || roles.includes('unknown'))) return false;
  const hasSession = chain.some(({ roles }) => roles.includes('session'));
  const guards = chain.filter(({ roles }) => roles.includes('authenticates'));
  return guards.length > 0 && guards.every(guard => goesByCookie(guard, hasSession));
}

function goesByCookie({ credentials = [] }: ChainLink, hasSession: boolean): boolean {
  if (credentials.length === 0 || credentials.includes('headers')) return false;
  return credentials.some(part => part === 'cookies' || part === 'session' || (part === 'user' && hasSession));
}
