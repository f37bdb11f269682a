import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const ssrf = defineRule({
  meta: {
    id: 'security/ssrf',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [918],
    owasp: ['A01:2025', 'API7:2023'],
    fix: 'guide',
    sinks: ['url'],
    messages: {
      host: '{source} decides which host `{call}` sends a request to.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'url', 'remote')) report(span, 'host', options);
  },
});
