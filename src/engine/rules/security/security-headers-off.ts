import { headersOff } from '../../queries/security/protections-off.ts';
import { defineRule } from '../rule.ts';

export const securityHeadersOff = defineRule({
  meta: {
    id: 'security/security-headers-off',
    theme: 'security',
    benefits: ['security'],
    severity: 'info',
    confidence: 'high',
    cwe: [693, 1021],
    owasp: ['A02:2025'],
    fix: 'guide',
    messages: {
      off: '`{name}` is switched off, so browsers are not told to refuse what this header forbids.',
    },
  },

  check(model, report) {
    for (const { name, span } of headersOff(model)) report(span, 'off', { data: { name }, anchor: name });
  },
});
