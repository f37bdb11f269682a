import type { ChainLink } from '../../link/endpoint.ts';
import type { RouterObject, RouteVerdict } from '../../link/router.ts';
import type { ApiValue, Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { isFalse } from '../shared/values.ts';

const LIMITER = /^(?:@fastify\/rate-limit|fastify-rate-limit)$/;

/** `config: { rateLimit: false }` takes the limit away, an object sets one where the plugin limits no route by itself. */
export function limitOf(router: RouterObject, options: Value, span: Span): Pick<RouteVerdict, 'steps' | 'lifted'> {
  const config = options.k === 'object' ? options.props.get('config') : undefined;
  const own = config?.k === 'object' ? config.props.get('rateLimit') : undefined;
  if (!own) return { steps: [] };
  if (isFalse(own)) return { steps: [], lifted: { role: 'limits-rate', why: 'the route switches it off' } };
  const limiter = limiterAbove(router);
  if (own.k !== 'object' || !limiter || !limitsOnDemand(limiter)) return { steps: [] };
  const why = 'the route sets a limit of its own';
  const step: ChainLink = { value: limiter, roles: ['limits-rate'], span, via: 'on the route', why, evidence: [] };
  return { steps: [step] };
}

/** What the plugin does where it is registered. */
export function limiterRoles(plugin: ApiValue): ChainLink['roles'] {
  return limitsOnDemand(plugin) ? ['neutral'] : ['limits-rate'];
}

/** `global: false`: only routes that ask for it are limited. */
function limitsOnDemand({ made }: ApiValue): boolean {
  const options = made?.args[1];
  return options?.k === 'object' && isFalse(options.props.get('global'));
}

function limiterAbove(router: RouterObject): ApiValue | undefined {
  for (let at: RouterObject | undefined = router; at; at = at.parent)
    for (const entry of at.entries)
      if (entry.k === 'use')
        for (const value of entry.handlers) if (value.k === 'api' && LIMITER.test(value.path)) return value;
  return undefined;
}
