import { useTransactionClient } from '../../fixes/transaction-client.ts';
import { type Escape, transactionEscapes } from '../../queries/data/transactions.ts';
import { defineRule } from '../rule.ts';

const READS = new Set(['read-one', 'read-many', 'count']);

export const txClientEscape = defineRule({
  meta: {
    id: 'data/tx-client-escape',
    theme: 'data-management',
    benefits: ['data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [662],
    owasp: [],
    fix: 'suggest',
    messages: {
      outer:
        '{call} runs outside of the transaction around it: it uses the outer client and stays when the rest is rolled back.',
      read: '{call} reads outside of the transaction around it and does not see what it changed.',
      called: '{call} runs outside of the transaction that {caller} opens before it comes here.',
      pool: '{text} on a pool opens a transaction on one connection, and the next query may use another.',
    },
  },

  check(model, report) {
    for (const { is, args, span } of model.operations('transaction'))
      if (is['pooled'] && args['text']) report(span, 'pool', { data: { text: 'BEGIN' } });
    const seen = new Set<string>();
    for (const found of transactionEscapes(model)) {
      const { transaction, operation, depth } = found;
      const reads = READS.has(String(operation.is['action']));
      // A called function that only reads may well want what is committed.
      if (depth > 0 && (reads || operation.is['action'] === undefined)) continue;
      const key = `${operation.file} ${operation.span.start}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const fix = depth === 0 ? useTransactionClient(found) : undefined;
      report(operation.span, depth > 0 ? 'called' : reads ? 'read' : 'outer', {
        data: { call: nameOf(found), caller: transaction.fn.name || 'the caller' },
        severity: reads ? 'warning' : 'error',
        confidence: depth > 0 ? 'medium' : 'high',
        evidence: [{ span: transaction.span, message: 'The transaction begins here' }],
        fixes: fix ? [fix] : [],
        anchor: nameOf(found),
      });
    }
  },
});

function nameOf({ operation: { is, site } }: Escape): string {
  const { f } = site.call;
  const method = f.k === 'mem' || f.k === 'id' ? f.n : 'the query';
  return is['model'] && f.k === 'mem' ? `${is['model']}.${method}` : method;
}
