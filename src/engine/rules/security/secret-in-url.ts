import { urlSecrets } from '../../queries/security/url-secrets.ts';
import { defineRule } from '../rule.ts';

export const secretInUrl = defineRule({
  meta: {
    id: 'security/secret-in-url',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [598, 522],
    owasp: ['A06:2025'],
    fix: 'guide',
    messages: {
      read: 'Callers are to put `{name}` into the address, where logs, histories and referrers keep it.',
      sent: '`{name}` is sent in the address, where the logs of every proxy on the way keep it.',
    },
  },

  check(model, report) {
    for (const { problem, name, span } of urlSecrets(model)) report(span, problem, { data: { name }, anchor: name });
  },
});
