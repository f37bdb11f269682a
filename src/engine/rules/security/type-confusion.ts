import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const typeConfusion = defineRule({
  meta: {
    id: 'security/type-confusion',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [843],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['list'],
    messages: {
      list: '{source} is a list if it is sent twice, and `{call}` of a list compares whole elements.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'list', 'remote')) report(span, 'list', options);
  },
});
