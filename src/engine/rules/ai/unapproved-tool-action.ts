import { mergeArgument } from '../../fixes/source-object.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { unapprovedTools } from '../../queries/ai/unapproved-tools.ts';
import { defineRule, type FixDraft } from '../rule.ts';

/** Since this version, the AI SDK can ask a person before it runs a tool. */
const ASKS_SINCE = 6;

export const unapprovedToolAction = defineRule({
  meta: {
    id: 'ai/unapproved-tool-action',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [862, 250, 1427],
    owasp: ['A01:2025', 'LLM06:2025'],
    fix: 'auto',
    messages: {
      acts: 'The model decides alone when this tool {does}; text that it reads can tell it to.',
    },
  },

  check(model, report) {
    for (const { operation, does, evidence } of unapprovedTools(model))
      report(operation.span, 'acts', {
        data: { does },
        evidence: [evidence],
        fixes: askFirst(model, operation),
        anchor: does,
      });
  },
});

function askFirst({ project }: Model, { file, is, site }: Operation): FixDraft[] {
  const name = is['approval'];
  if (typeof name !== 'string') return [];
  const version = project.versionOf(file, 'ai');
  if (is['provider'] === 'ai-sdk' && Number.parseInt(version ?? '0', 10) < ASKS_SINCE) return [];
  return [
    {
      title: 'Ask a person before the tool runs',
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        const edits =
          source === undefined ? undefined : mergeArgument(file, source, site.call, 0, [{ name, value: 'true' }]);
        return edits && { edits, newFiles: [] };
      },
    },
  ];
}
