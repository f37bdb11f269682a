import { wrap } from '../../fixes/source-statement.ts';
import type { Expr } from '../../model/facts.ts';
import { unboundedLists } from '../../queries/api/unbounded-lists.ts';
import { defineRule, type FixDraft } from '../rule.ts';

/** What a page holds at most after the fix. */
const CAP = 100;

export const unboundedList = defineRule({
  meta: {
    id: 'api/unbounded-list',
    theme: 'api-first',
    benefits: ['performance', 'security'],
    severity: 'info',
    confidence: 'medium',
    cwe: [770, 1049],
    owasp: ['API4:2023'],
    fix: 'auto',
    messages: {
      all: '{method} {path} answers with every row there is: nothing limits this query.',
      asked: '{method} {path} reads as many rows as the caller asks for: nothing caps the limit.',
    },
  },

  check(model, report) {
    for (const { operation, endpoint, asked } of unboundedLists(model)) {
      const { method, path, span } = endpoint;
      report(operation.span, asked ? 'asked' : 'all', {
        data: { method, path },
        severity: asked ? 'warning' : 'info',
        // Whether a table stays short cannot be seen.
        confidence: asked ? 'medium' : 'low',
        evidence: [{ span, message: `${method} ${path} is registered here` }],
        fixes: asked ? [capped(operation.file, asked)] : [],
        anchor: `${method} ${path}`,
      });
    }
  },
});

function capped(file: string, limit: Expr): FixDraft {
  const isNumber = limit.k === 'call' || limit.k === 'un' || limit.k === 'log';
  const [before, after] = isNumber ? ['Math.min(', `, ${CAP})`] : ['Math.min(Number(', `), ${CAP})`];
  return {
    title: `Read ${CAP} rows at most`,
    kind: 'auto',
    change: () => ({ edits: wrap(file, limit.p, before, after), newFiles: [] }),
  };
}
