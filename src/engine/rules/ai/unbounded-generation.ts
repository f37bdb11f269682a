import { mergeArgument } from '../../fixes/source-object.ts';
import { type OpenGeneration, openGenerations } from '../../queries/ai/open-generations.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const TOKENS = '1024';

export const unboundedGeneration = defineRule({
  meta: {
    id: 'ai/unbounded-generation',
    theme: 'ai-automation',
    benefits: ['scalability', 'performance'],
    severity: 'info',
    confidence: 'high',
    cwe: [770, 400],
    owasp: ['LLM10:2025', 'API4:2023'],
    fix: 'auto',
    messages: {
      open: 'The model may answer this request as long as it likes: `{option}` is not set.',
    },
  },

  check(model, report) {
    for (const one of openGenerations(model)) {
      const { operation, option } = one;
      report(operation.span, 'open', { data: { option }, anchor: operation.callee, fixes: [limit(one)] });
    }
  },
});

/** What a model thinks counts as well: one that does may use all of it up before it answers. */
function limit({ operation: { file, site }, option, thinks }: OpenGeneration): FixDraft {
  return {
    title: `Set ${option}`,
    kind: thinks ? 'suggest' : 'auto',
    change({ text }) {
      const source = text(file);
      const edits =
        source === undefined ? undefined : mergeArgument(file, source, site.call, 0, [{ name: option, value: TOKENS }]);
      return edits && { edits, newFiles: [] };
    },
  };
}
