import { brokenConventions } from '../../queries/security/conventions.ts';
import { defineRule } from '../rule.ts';

export const conventionBroken = defineRule({
  meta: {
    id: 'security/convention-broken',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [862, 863],
    owasp: ['A01:2025', 'API1:2023'],
    messages: {
      calls: '{count} of {all} {kind} call `{name}` on their way; {subject} does not.',
      'stands behind': '{count} of {all} {kind} stand behind `{name}`; {subject} does not.',
      validates: '{count} of {all} {kind} check it first; {subject} does not.',
      transaction: '{count} of {all} {kind} do so in a transaction; {subject} does not.',
      timeout: '{count} of {all} {kind} give up after a time; {subject} does not.',
    },
  },

  check(model, report) {
    for (const { how, span, subject, kind, name, followers, all, count } of brokenConventions(model)) {
      report(span, how, {
        data: { count, all, kind, name, subject },
        evidence: followers,
        anchor: name ? `${subject} ${name}` : `${subject} ${how}`,
      });
    }
  },
});
