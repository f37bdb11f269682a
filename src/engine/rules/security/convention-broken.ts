import { brokenConventions } from '../../queries/security/conventions.ts';
import { defineRule } from '../rule.ts';

export const conventionBroken = defineRule({
  meta: {
    id: 'security/convention-broken',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [862, 863],
    owasp: ['A01:2025', 'API1:2023'],
    messages: {
      calls: '{count} of {all} {kind} call `{name}` on their way; {route} does not.',
      'stands behind': '{count} of {all} {kind} stand behind `{name}`; {route} does not.',
    },
  },

  check(model, report) {
    for (const { endpoint, kind, name, how, followers, all } of brokenConventions(model)) {
      const { method, path, span } = endpoint;
      report(span, how, {
        data: { count: followers.length, all, kind, name, route: `${method} ${path}` },
        evidence: followers.slice(0, 5).map(one => ({ span: one.span, message: `${one.method} ${one.path} does` })),
        anchor: `${method} ${path} ${name}`,
      });
    }
  },
});
