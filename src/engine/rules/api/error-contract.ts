import { falseSuccesses } from '../../queries/api/error-answers.ts';
import { defineRule } from '../rule.ts';

export const errorContract = defineRule({
  meta: {
    id: 'api/error-contract',
    theme: 'api-first',
    benefits: ['integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [755, 394],
    owasp: ['A10:2025'],
    fix: 'auto',
    messages: {
      success: 'A failure is answered with status 200: only "{says}" in the body tells it from success.',
    },
  },

  check(model, report) {
    for (const { span, says, status, name } of falseSuccesses(model)) {
      report(span, 'success', {
        data: { says },
        anchor: name,
        fixes: status
          ? [
              {
                title: 'Answer with status 500',
                kind: 'auto',
                change: () => ({
                  edits: [{ span: { ...span, end: span.start }, text: `${status}(500).` }],
                  newFiles: [],
                }),
              },
            ]
          : [],
      });
    }
  },
});
