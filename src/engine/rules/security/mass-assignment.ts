import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const massAssignment = defineRule({
  meta: {
    id: 'security/mass-assignment',
    theme: 'security',
    benefits: ['security', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [915],
    owasp: ['A08:2025', 'API3:2023'],
    fix: 'guide',
    sinks: ['record'],
    messages: {
      whole: 'All of {source} is written by `{call}`: whoever sends the request chooses the columns.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'record', 'remote')) report(span, 'whole', options);
  },
});
