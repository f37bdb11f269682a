import { leaveOut } from '../../fixes/leave-out.ts';
import { shownRows } from '../../flow/shown-rows.ts';
import { defineRule } from '../rule.ts';

export const sensitiveFieldResponse = defineRule({
  meta: {
    id: 'security/sensitive-field-response',
    theme: 'security',
    benefits: ['security', 'data-management'],
    severity: 'error',
    confidence: 'medium',
    cwe: [200, 201, 213],
    owasp: ['A01:2025', 'API3:2023'],
    fix: 'auto',
    sinks: ['answer'],
    messages: {
      shown: 'What `{query}` finds is answered as it is, `{column}` included.',
    },
  },

  check(model, report) {
    for (const { query, column, span, evidence } of shownRows(model))
      report(span, 'shown', {
        data: { query, column },
        evidence,
        fixes: leaveOut(model, span, column),
        anchor: `${query} ${column}`,
      });
  },
});
