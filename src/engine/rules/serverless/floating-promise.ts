import type { Floating } from '../../queries/serverless/floating.ts';
import { floatingPromises } from '../../queries/serverless/floating.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const floatingPromise = defineRule({
  meta: {
    id: 'serverless/floating-promise',
    theme: 'serverless',
    benefits: ['scalability', 'integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [662],
    owasp: [],
    fix: 'suggest',
    messages: {
      frozen: 'Nobody waits for {name}: the platform may freeze the process before it is done.',
      unhandled: 'Nobody waits for {name}: if it fails, the rejection is unhandled and ends the process.',
      never: '{name} never runs: the query starts only when it is awaited.',
    },
  },

  check(model, report) {
    for (const floating of floatingPromises(model)) {
      const { span, name, reached, never, rejects, voided, operation, fn } = floating;
      const { serverless } = reached;
      // A long-running server may answer first and finish later, as long as a failure is dealt with.
      if (!never && !serverless && (!rejects || voided || operation.kind === 'message-publish')) continue;
      report(span, never ? 'never' : serverless ? 'frozen' : 'unhandled', {
        data: { name },
        severity: never || serverless ? 'error' : 'warning',
        evidence: [
          ...(operation.span.start === span.start && operation.file === span.file
            ? []
            : [{ span: operation.span, message: 'It goes out here' }]),
          ...reached.endpoints
            .slice(0, 1)
            .map(one => ({ span: one.span, message: `${one.method} ${one.path} runs it` })),
        ],
        fixes: fn.async ? [awaitIt(floating)] : [],
        anchor: `${fn.name} ${name}`,
      });
    }
  },
});

function awaitIt({ callSpan, voided }: Floating): FixDraft {
  return {
    title: 'Await it',
    kind: 'suggest',
    change({ text }) {
      const now = text(callSpan.file);
      if (now === undefined) return undefined;
      const before = /\bvoid\s+$/.exec(now.slice(0, callSpan.start))?.[0] ?? '';
      if (voided && !before) return undefined;
      const start = callSpan.start - before.length;
      return { edits: [{ span: { file: callSpan.file, start, end: callSpan.start }, text: 'await ' }], newFiles: [] };
    },
  };
}
