import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Evidence } from '../../model/finding.ts';
import { declaresLimiter, isLimitedOutside } from '../rate-limits.ts';

/** A route whose callers make the service pay a language model, as often as they like. */
export interface Spending {
  readonly endpoint: Endpoint;
  /** Nobody has to say who they are. */
  readonly isOpen: boolean;
  readonly evidence: Evidence;
}

/** What callers have left, or a proof of being human, is a limit too. */
const SPENDS =
  /quota|credit|budget|balance|usage|allowance|remaining|captcha|turnstile|throttl|rate_?limit|plan_?limit/i;

export function unlimitedSpending(model: Model): Spending[] {
  const { operations, reached, endpoints } = model;
  const found = new Map<Endpoint, Evidence>();
  for (const { fn, span } of operations('llm-call'))
    for (const endpoint of reached.get(fn)?.endpoints ?? [])
      if (!found.has(endpoint)) found.set(endpoint, { span, message: 'a model is asked here' });
  const counted = new Set<Endpoint>();
  for (const { func, endpoints: routes } of reached.values()) {
    if (!routes.some(endpoint => found.has(endpoint)) || !asksWhatIsLeft(func.fn)) continue;
    for (const endpoint of routes) counted.add(endpoint);
  }
  const out: Spending[] = [];
  for (const [endpoint, evidence] of found) {
    const { unit, span, rateLimit, auth, partial, chain } = endpoint;
    if (partial !== undefined || rateLimit !== 'no' || auth === 'unknown' || counted.has(endpoint)) continue;
    // A signed call comes from a service, not from somebody who may call as often as they like.
    if (chain.some(({ roles }) => roles.includes('verifies-signature'))) continue;
    // Those who run the service pay for it themselves.
    if (auth === 'yes' && isForStaff(endpoint)) continue;
    const limits = endpoints.some(one => one.unit === unit && one.rateLimit === 'yes');
    if (isLimitedOutside(model, unit) || (!limits && declaresLimiter(model, span.file))) continue;
    out.push({ endpoint, isOpen: auth === 'no', evidence });
  }
  return out;
}

function isForStaff({ path, chain }: Endpoint): boolean {
  return (
    /(?:^|\/)(?:admin(?:istration)?|internal)(?:\/|$)/i.test(path) ||
    chain.some(({ roles, why }) => roles.includes('authorizes') && /admin|staff|superuser/i.test(why))
  );
}

function asksWhatIsLeft(fn: Parameters<typeof eachExprIn>[0]): boolean {
  let found = SPENDS.test(fn.name);
  eachExprIn(fn, e => {
    // What a model's answer says it used is no limit.
    if ((e.k === 'id' || e.k === 'mem') && SPENDS.test(e.n) && !/^usage$|usageMetadata/.test(e.n)) found = true;
  });
  return found;
}
