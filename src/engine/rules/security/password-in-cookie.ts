import { passwordCookies } from '../../queries/security/clear-secrets.ts';
import { defineRule } from '../rule.ts';

export const passwordInCookie = defineRule({
  meta: {
    id: 'security/password-in-cookie',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [312, 315],
    owasp: ['A04:2025'],
    fix: 'guide',
    messages: {
      kept: '{name} is put into a cookie as it is: it lies on the disk of the browser and travels with every request.',
    },
  },

  check(model, report) {
    for (const { name, span } of passwordCookies(model)) report(span, 'kept', { data: { name }, anchor: name });
  },
});
