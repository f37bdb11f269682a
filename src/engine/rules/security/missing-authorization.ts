import { missingRoles } from '../../queries/security/missing-roles.ts';
import { defineRule } from '../rule.ts';

export const missingAuthorization = defineRule({
  meta: {
    id: 'security/missing-authorization',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [862, 863, 285],
    owasp: ['A01:2025', 'API5:2023'],
    fix: 'guide',
    defaultOn: false,
    messages: {
      everybody:
        '{route} says `{segment}` and is open to whoever is signed in: nothing on its way asks for a role, as this service does elsewhere.',
    },
  },

  check(model, report) {
    for (const { endpoint, segment, roles } of missingRoles(model)) {
      const route = `${endpoint.method} ${endpoint.path}`;
      report(endpoint.span, 'everybody', {
        data: { route, segment },
        evidence: [...endpoint.chain.map(link => ({ span: link.span, message: `${link.via}: ${link.why}` })), roles],
        anchor: route,
      });
    }
  },
});
