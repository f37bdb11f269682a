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
    for (const [first, ...others] of places(transactionEscapes(model))) {
      const { transaction, operation, depth } = first!;
      const all = [first!, ...others];
      const fix = depth === 0 ? useTransactionClient(all) : undefined;
      report(operation.span, depth > 0 ? 'called' : isRead(first!) ? 'read' : 'outer', {
        data: { call: nameOf(first!), caller: transaction.fn.name || 'the caller' },
        severity: all.every(isRead) ? 'warning' : 'error',
        confidence: depth > 0 ? 'medium' : 'high',
        evidence: [
          { span: transaction.span, message: 'The transaction begins here' },
          ...others.map(one => ({ span: one.operation.span, message: `${nameOf(one)} runs outside of it too` })),
        ],
        fixes: fix ? [fix] : [],
        anchor: nameOf(first!),
      });
    }
  },
});

/** What one callback, or one function that it calls, runs on the other client: writes first. */
function places(escapes: readonly Escape[]): Escape[][] {
  const out = new Map<unknown, Escape[]>();
  const seen = new Set<string>();
  for (const found of escapes) {
    const { operation, depth, callback } = found;
    // A called function that only reads may well want what is committed.
    if (depth > 0 && (isRead(found) || operation.is['action'] === undefined)) continue;
    const key = `${operation.file} ${operation.span.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = depth > 0 ? operation.fn : callback.fn;
    const list = out.get(place);
    if (list) list.push(found);
    else out.set(place, [found]);
  }
  return [...out.values()].map(list => list.toSorted((a, b) => Number(isRead(a)) - Number(isRead(b))));
}

function isRead({ operation: { is } }: Escape): boolean {
  return READS.has(String(is['action']));
}

function nameOf({ operation: { is, site } }: Escape): string {
  const { f } = site.call;
  const method = f.k === 'mem' || f.k === 'id' ? f.n : 'the query';
  return is['model'] && f.k === 'mem' ? `${is['model']}.${method}` : method;
}
