import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const dynamicMethodCall = defineRule({
  meta: {
    id: 'security/dynamic-method-call',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [470, 754],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['method'],
    messages: {
      called: '{source} chooses the function that is called: every object has some that were not meant.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'method', 'remote')) report(span, 'called', options);
  },
});
