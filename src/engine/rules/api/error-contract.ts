import { falseSuccesses } from '../../queries/api/error-answers.ts';
import { errorShapes } from '../../queries/api/error-shapes.ts';
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
      shapes:
        'Errors tell what is wrong in {count} different places ({forms}), and every client has to look in all of them.',
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
    for (const { unit, shapes } of errorShapes(model)) {
      const [rarest, ...others] = shapes;
      report(rarest!.uses[0]!, 'shapes', {
        severity: 'info',
        data: { count: shapes.length, forms: shapes.map(({ form }) => `\`${form}\``).join(', ') },
        evidence: others.map(({ form, uses }) => ({
          span: uses[0]!,
          message: `\`${form}\`, as in ${uses.length} places`,
        })),
        anchor: `shapes ${unit}`,
      });
    }
  },
});
