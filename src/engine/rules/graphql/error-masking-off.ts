import { removeProperty } from '../../fixes/source-object.ts';
import { type StatedSwitch, statedSwitches } from '../../queries/graphql/graphql-options.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const errorMaskingOff = defineRule({
  meta: {
    id: 'graphql/error-masking-off',
    theme: 'graphql',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [209],
    owasp: ['A10:2025', 'API8:2023'],
    fix: 'auto',
    messages: {
      masking: '`maskedErrors: false` sends the message of every error in a resolver to the caller.',
      stack: '`includeStacktraceInErrorResponses` sends stack traces to the caller in production, too.',
    },
  },

  check(model, report) {
    for (const found of statedSwitches(model, 'maskedErrors', false))
      report(found.span, 'masking', { fixes: removal(found, 'Mask unexpected errors'), anchor: 'maskedErrors' });
    for (const found of statedSwitches(model, 'includeStacktraceInErrorResponses', true))
      report(found.span, 'stack', { fixes: removal(found, 'Leave stack traces to the stage'), anchor: 'stack' });
  },
});

function removal({ operation: { file }, place }: StatedSwitch, title: string): FixDraft[] {
  if (!place) return [];
  return [
    {
      title,
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        return { edits: [removeProperty(file, source, place.object, place.property)], newFiles: [] };
      },
    },
  ];
}
