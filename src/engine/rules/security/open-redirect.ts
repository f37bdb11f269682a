import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const openRedirect = defineRule({
  meta: {
    id: 'security/open-redirect',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [601],
    owasp: ['A01:2025'],
    fix: 'guide',
    sinks: ['redirect'],
    messages: {
      target: '{source} decides where `{call}` sends the browser.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'redirect', 'remote')) report(span, 'target', options);
  },
});
