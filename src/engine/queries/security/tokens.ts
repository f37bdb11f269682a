import { calleesOf, callsIn } from '../../link/call-index.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type FuncValue, stringOf } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';

const GUARD_DEPTH = 2;
const GATEWAY = new Set(['lambda', 'serverless', 'aws-lambda', 'sam']);

/** A token that is read without proof, in the way of requests that nothing else authenticates. */
export interface UnprovenToken {
  readonly operation: Operation;
  readonly endpoints: readonly Endpoint[];
}

/** Decodes in handlers and guards, unless the token is verified in the same file or before. */
export function unprovenTokens(model: Model): UnprovenToken[] {
  const decodes = model.operations('jwt-decode');
  if (decodes.length === 0) return [];
  const verified = new Set(model.operations('jwt-verify').map(one => one.file));
  const guards = guardFunctions(model);
  return decodes.flatMap(operation => {
    if (verified.has(operation.file) || operation.site.call.a.length > 1) return [];
    const endpoints = model.reached.get(operation.fn)?.endpoints ?? guards.get(operation.fn) ?? [];
    const open = endpoints.filter(one => one.auth !== 'yes' && !GATEWAY.has(one.framework));
    return open.length ? [{ operation, endpoints: open }] : [];
  });
}

/** Functions that run before handlers, with the endpoints they run for. */
function guardFunctions(model: Model): ReadonlyMap<FunctionFact, Endpoint[]> {
  const out = new Map<FunctionFact, Endpoint[]>();
  const add = (func: FuncValue, endpoint: Endpoint, depth: number): void => {
    const list = out.get(func.fn) ?? [];
    if (list.at(-1) === endpoint) return;
    list.push(endpoint);
    out.set(func.fn, list);
    if (depth >= GUARD_DEPTH) return;
    const env = staticEnvOf(model.program, func);
    for (const { call } of callsIn(func.fn))
      for (const callee of calleesOf(model.program, env, call)) add(callee, endpoint, depth + 1);
  };
  for (const endpoint of model.endpoints)
    for (const { value } of endpoint.chain)
      for (const one of alternatives(value)) if (one.k === 'func') add(one, endpoint, 0);
  return out;
}

/** What the options of a verification say that makes it accept too much. */
export function looseOptions(operation: Operation): readonly ('none' | 'expired' | 'tolerance')[] {
  const options = operation.args['options']?.value;
  if (options?.k !== 'object') return [];
  const out: ('none' | 'expired' | 'tolerance')[] = [];
  const algorithms = options.props.get('algorithms');
  if (algorithms?.k === 'array' && algorithms.items.some(one => stringOf(one)?.toLowerCase() === 'none'))
    out.push('none');
  if (stringOf(options.props.get('algorithm'))?.toLowerCase() === 'none') out.push('none');
  const ignore = options.props.get('ignoreExpiration');
  if (ignore?.k === 'const' && ignore.v === true) out.push('expired');
  const tolerance = options.props.get('clockTolerance');
  if (tolerance?.k === 'const' && typeof tolerance.v === 'number' && tolerance.v > 300) out.push('tolerance');
  return out;
}

/** Whether a token is signed without an end: nothing in the call, the payload or the module's set-up sets one. */
export function neverExpires(model: Model, { args, is, site }: Operation): boolean {
  if (is['built'] || is['library'] === 'hono/jwt' || site.call.a.length === 0) return false;
  if (is['service'] && model.operations('jwt-key').length > 0) return false;
  if (is['service'] && !args['options']) return false;
  const payload = args['payload']?.value;
  if (payload?.k !== 'object' || payload.open) return false;
  // Some applications keep an end of their own in the payload.
  if ([...payload.props.keys()].some(name => /^exp|expir|created|issued|^iat$/i.test(name))) return false;
  const options = args['options']?.value;
  if (options === undefined) return is['library'] === 'jsonwebtoken';
  if (options.k !== 'object' || options.open) return false;
  return !options.props.has('expiresIn');
}

/** Keys that an identity provider publishes: it signs tokens for all of its customers with them. */
const PUBLISHED =
  /^(?:jose\.createRemoteJWKSet|jwks-rsa\.(?:expressJwtSecret|passportJwtSecret|koaJwtSecret|hapiJwt2Key))\(\)/;

/** Verifications with a provider's published keys that take tokens which were made for somebody else. */
export function tokensForAnybody(model: Model): Operation[] {
  return model.operations('jwt-verify').filter(({ args }) => {
    const key = args['key']?.value;
    if (!key || !alternatives(key).some(one => one.k === 'api' && PUBLISHED.test(one.path))) return false;
    const options = args['options']?.value;
    if (options === undefined) return true;
    if (options.k !== 'object' || options.open) return false;
    return !['audience', 'issuer', 'aud', 'iss', 'jsonWebTokenOptions'].some(name => options.props.has(name));
  });
}
