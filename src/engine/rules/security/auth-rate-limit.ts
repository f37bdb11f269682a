import { limitRoutes } from '../../fixes/rate-limit.ts';
import { lookedAt } from '../../queries/looked-at.ts';
import { declaresLimiter, isLimitedOutside } from '../../queries/rate-limits.ts';
import { type CredentialRoute, credentialRoutes } from '../../queries/security/credential-routes.ts';
import { defineRule } from '../rule.ts';

const TRIED: Readonly<Record<CredentialRoute['secret'], string>> = {
  password: 'passwords can be guessed',
  code: 'codes can be guessed',
  reset: 'resets can be asked for',
};

export const authRateLimit = defineRule({
  meta: {
    id: 'security/auth-rate-limit',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [307, 799],
    owasp: ['A07:2025', 'API2:2023', 'API4:2023'],
    fix: 'auto',
    messages: {
      open: 'Nothing limits {method} {path}, so {tried} at full speed: no limiter {looked}.',
      several: 'Nothing limits {method} {path} and {others}, so {tried} at full speed: no limiter {looked}.',
    },
  },

  check(model, report) {
    const unlimited = credentialRoutes(model).filter(({ endpoint }) => endpoint.rateLimit === 'no');
    for (const unit of new Set(unlimited.map(({ endpoint }) => endpoint.unit))) {
      if (isLimitedOutside(model, unit)) continue;
      const own = unlimited.filter(({ endpoint }) => endpoint.unit === unit);
      const limits = model.endpoints.some(endpoint => endpoint.unit === unit && endpoint.rateLimit === 'yes');
      // A limiter that is declared and was not seen anywhere may be at work where nobody looked.
      if (!limits && declaresLimiter(model, own[0]!.endpoint.span.file)) continue;
      // A service that limits nothing is told once, at the first sign-in; one step can mend all of it.
      const groups = limits ? own.map(one => [one]) : [own];
      for (const group of groups) {
        const first = group.find(({ secret }) => secret === 'password') ?? group[0]!;
        const others = group.filter(one => one !== first);
        const { endpoint, secret, evidence } = first;
        report(endpoint.span, others.length ? 'several' : 'open', {
          data: {
            method: endpoint.method,
            path: endpoint.path,
            others: others.length === 1 ? others[0]!.endpoint.path : `${others.length} other routes`,
            tried: TRIED[secret],
            looked: lookedAt(endpoint.chain.length),
          },
          evidence: [
            ...evidence,
            ...endpoint.chain.map(({ span, via, why }) => ({ span, message: `${via}: ${why}` })),
            ...others.map(one => ({
              span: one.endpoint.span,
              message: `POST ${one.endpoint.path} is not limited either`,
            })),
          ],
          fixes: limitRoutes(group.map(one => one.endpoint)),
          anchor: endpoint.path,
        });
      }
    }
  },
});
