import { unsafeReads } from '../../queries/api/unsafe-reads.ts';
import { defineRule } from '../rule.ts';

export const unsafeGet = defineRule({
  meta: {
    id: 'api/unsafe-get',
    theme: 'api-first',
    benefits: ['security', 'integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [650, 352],
    owasp: ['A01:2025'],
    fix: 'guide',
    defaultOn: false,
    messages: {
      changes: '{method} {path} changes data by `{call}`: links, previews and retries do so too.',
    },
  },

  check(model, report) {
    for (const { endpoint, changes } of unsafeReads(model)) {
      const { method, path, span } = endpoint;
      report(span, 'changes', {
        data: { method, path, call: changes[0]!.callee.replace(/^.*[.#]/, '') },
        evidence: changes.slice(0, 5).map(one => ({ span: one.span, message: 'changes data' })),
        anchor: `${method} ${path}`,
      });
    }
  },
});
