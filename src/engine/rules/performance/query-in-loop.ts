import { readBefore } from '../../fixes/batch-read.ts';
import type { Operation } from '../../link/operations.ts';
import { loopOf } from '../../queries/loops.ts';
import { defineRule } from '../rule.ts';

const READS = new Set(['read-one', 'read-many', 'count']);

export const queryInLoop = defineRule({
  meta: {
    id: 'performance/query-in-loop',
    theme: 'performance',
    benefits: ['performance', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1050],
    owasp: [],
    fix: 'suggest',
    messages: {
      serial: '{call} asks the database once per element of {list}, one round trip after the other.',
      parallel: '{call} asks the database once per element of {list}; one query can fetch them all.',
    },
  },

  check(model, report) {
    for (const operation of model.operations('db', 'sql')) {
      const { is, args, fn, span } = operation;
      if (!READS.has(String(is['action'])) || is['fragment'] || is['embedded']) continue;
      const reached = model.reached.get(fn);
      if (!reached) continue;
      const keys = [args['where']?.expr, args['options']?.expr, args['values']?.expr, args['text']?.expr];
      const loop = loopOf(model.program, operation, keys);
      if (!loop || (loop.parallel && is['batched'])) continue;
      const [endpoint] = reached.endpoints;
      report(span, loop.parallel ? 'parallel' : 'serial', {
        data: { call: nameOf(operation), list: listName(loop.list) },
        evidence: [
          { span: { file: operation.file, start: loop.list.p[0], end: loop.list.p[1] }, message: 'What is iterated' },
          ...(endpoint ? [{ span: endpoint.span, message: `${endpoint.method} ${endpoint.path} runs it` }] : []),
        ],
        fixes: readBefore(operation.site.env.unit.facts, operation),
        anchor: `${fn.name} ${nameOf(operation)}`,
      });
    }
  },
});

function nameOf({ is, site }: Operation): string {
  const { f } = site.call;
  const method = f.k === 'mem' || f.k === 'id' ? f.n : 'The query';
  return is['model'] && f.k === 'mem' ? `${is['model']}.${method}` : method;
}

function listName(e: { readonly k: string; readonly n?: unknown }): string {
  return typeof e.n === 'string' ? e.n : 'the list';
}
