import { mergeArgument } from '../../fixes/source-object.ts';
import type { Operation } from '../../link/operations.ts';
import { loosePipes } from '../../queries/api/loose-pipes.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const validationPipeWhitelist = defineRule({
  meta: {
    id: 'api/validation-pipe-whitelist',
    theme: 'api-first',
    benefits: ['security', 'integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [915],
    owasp: ['A08:2025', 'API3:2023'],
    fix: 'auto',
    messages: {
      loose:
        'This pipe lets properties through that the DTO does not declare, on the way to writes such as that of {route}.',
    },
  },

  check(model, report) {
    for (const { operation, writes, at } of loosePipes(model))
      report(operation.span, 'loose', {
        data: { route: `${writes.method} ${writes.path}` },
        evidence: [{ span: at, message: 'what was sent is written here' }],
        fixes: [dropUndeclared(operation)],
      });
  },
});

function dropUndeclared({ file, site }: Operation): FixDraft {
  return {
    title: 'Drop what the DTO does not declare',
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      const edits =
        source === undefined
          ? undefined
          : mergeArgument(file, source, site.call, 0, [{ name: 'whitelist', value: 'true' }]);
      return edits && { edits, newFiles: [] };
    },
  };
}
