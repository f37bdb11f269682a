import { mergeArgument, removeProperty } from '../../fixes/source-object.ts';
import type { Operation } from '../../link/operations.ts';
import {
  cookieUnits,
  formsAccepted,
  type StatedSwitch,
  statedSwitches,
} from '../../queries/graphql/graphql-options.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const csrfPreventionOff = defineRule({
  meta: {
    id: 'graphql/csrf-prevention-off',
    theme: 'graphql',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [352],
    owasp: ['A01:2025'],
    fix: 'auto',
    messages: {
      off: '`csrfPrevention: false` lets forms of any other site run operations with the visitor’s cookies.',
      absent: 'This version of the server lets forms of any other site run operations with the visitor’s cookies.',
    },
  },

  check(model, report) {
    const cookies = cookieUnits(model);
    for (const found of statedSwitches(model, 'csrfPrevention', false)) {
      const severity = cookies.has(model.unitOf(found.operation.file)) ? 'error' : 'warning';
      report(found.span, 'off', { severity, fixes: removal(found), anchor: 'csrfPrevention' });
    }
    for (const operation of formsAccepted(model))
      report(operation.span, 'absent', { severity: 'error', fixes: [turnOn(operation)], anchor: 'csrfPrevention' });
  },
});

function removal({ operation: { file }, place }: StatedSwitch): FixDraft[] {
  if (!place) return [];
  return [
    {
      title: 'Leave CSRF prevention on',
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        return { edits: [removeProperty(file, source, place.object, place.property)], newFiles: [] };
      },
    },
  ];
}

function turnOn({ file, site }: Operation): FixDraft {
  return {
    title: 'Turn CSRF prevention on',
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      const edits = source && mergeArgument(file, source, site.call, 0, [{ name: 'csrfPrevention', value: 'true' }]);
      return edits ? { edits, newFiles: [] } : undefined;
    },
  };
}
