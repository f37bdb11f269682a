import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const hostHeaderLink = defineRule({
  meta: {
    id: 'security/host-header-link',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [640, 644],
    owasp: ['A07:2025'],
    fix: 'guide',
    sinks: ['host'],
    messages: {
      host: 'The host of this link is {source}, which whoever asks for it chooses: the link that others get leads to them.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'host', 'remote')) report(span, 'host', options);
  },
});
