import { awaitCall, bindThrottler } from '../../fixes/limiter.ts';
import { limiterFaults } from '../../queries/security/limiters.ts';
import { defineRule } from '../rule.ts';

export const rateLimitIneffective = defineRule({
  meta: {
    id: 'security/rate-limit-ineffective',
    theme: 'security',
    benefits: ['security', 'scalability'],
    severity: 'warning',
    confidence: 'high',
    cwe: [799, 307],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'auto',
    messages: {
      'not-awaited':
        'The limiter is not loaded yet when {routes} added here, so {they} not limited: await its registration.',
      unbound: 'The limiter is configured, but nothing binds {guard}, so it limits nothing.',
      'per-request': 'This limiter is made anew for every request, so it never counts beyond one.',
      'forged-key':
        'This limiter counts by a header that callers write themselves, so each request can come as somebody else.',
      'skips-all': 'This limiter skips every request.',
    },
  },

  check(model, report) {
    for (const { kind, operation, span, routes } of limiterFaults(model)) {
      const [first, ...others] = routes;
      const name = first ? `${first.method} ${first.path}` : '';
      report(span, kind, {
        data: {
          routes: others.length
            ? `${name} and ${others.length} other${others.length > 1 ? 's' : ''} are`
            : `${name} is`,
          they: others.length ? 'they are' : 'it is',
          guard: String(operation.is['guard'] ?? ''),
        },
        evidence: routes
          .slice(0, 10)
          .map(one => ({ span: one.span, message: `${one.method} ${one.path} is not limited` })),
        fixes: kind === 'not-awaited' ? awaitCall(operation) : kind === 'unbound' ? bindThrottler(operation) : [],
        anchor: kind,
      });
    }
  },
});
