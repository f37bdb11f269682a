import { ownColumns } from '../../fixes/own-columns.ts';
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
    fix: 'auto',
    sinks: ['record'],
    messages: {
      field: '{source} chooses which field is written, and the request what is written there.',
      whole: 'All of {source} is written by `{call}`: whoever sends the request chooses the columns.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'record', 'remote')) {
      const { span, flow, options } = reached;
      if (flow.sink.stated) report(span, 'field', options);
      else report(span, 'whole', { ...options, fixes: ownColumns(model, reached) });
    }
  },
});
