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
      field: '{source} chooses which field is written, and the request what is written there.',
      whole: 'All of {source} is written by `{call}`: whoever sends the request chooses the columns.',
    },
  },

  check(model, report) {
    for (const { span, flow, options } of reaching(model, 'record', 'remote'))
      report(span, flow.sink.stated ? 'field' : 'whole', options);
  },
});
