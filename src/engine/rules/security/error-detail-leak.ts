import { leakedErrors } from '../../queries/security/leaked-errors.ts';
import { defineRule } from '../rule.ts';

export const errorDetailLeak = defineRule({
  meta: {
    id: 'security/error-detail-leak',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [209, 550],
    owasp: ['A10:2025', 'API8:2023'],
    fix: 'guide',
    messages: {
      stack: '`{name}` is sent to the caller: it names files, versions and lines of this program.',
      whole: '`{name}` is sent to the caller with all that the library put into it, such as queries and addresses.',
      message: '`{name}` of a failure that nobody expected is sent to the caller, whatever it tells of the inside.',
    },
  },

  check(model, report) {
    for (const { problem, span, name } of leakedErrors(model))
      report(span, problem, { data: { name }, severity: problem === 'message' ? 'info' : 'warning', anchor: problem });
  },
});
