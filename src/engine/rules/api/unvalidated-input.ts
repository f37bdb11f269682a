import { checkBody } from '../../fixes/body-schema.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import type { FunctionFact } from '../../model/facts.ts';
import { uncheckedDtos } from '../../queries/api/unchecked-dtos.ts';
import { bodyReads } from '../../queries/input-reads.ts';
import { defineRule } from '../rule.ts';

const WRITES = new Set(['create', 'update', 'upsert', 'delete']);

export const unvalidatedInput = defineRule({
  meta: {
    id: 'api/unvalidated-input',
    theme: 'api-first',
    benefits: ['security', 'integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [20, 1173],
    owasp: ['A05:2025', 'API8:2023'],
    fix: 'suggest',
    messages: {
      fields: '{method} {path} uses {fields} of the body with no check at run time.',
      whole: '{method} {path} uses the body with no check at run time.',
    },
  },

  check(model, report) {
    const effects = new Set<Endpoint>();
    for (const operation of model.operations('db', 'sql', 'http-request', 'message-publish')) {
      if (operation.kind === 'db' && !WRITES.has(String(operation.is['action']))) continue;
      for (const endpoint of model.reached.get(operation.fn)?.endpoints ?? []) effects.add(endpoint);
    }
    const seen = new Set<FunctionFact>();
    // Where a pipe stands before the route, what is wrong is told at the type that it cannot check.
    const piped = new Set(uncheckedDtos(model).flatMap(({ endpoints }) => endpoints));
    for (const endpoint of [...model.endpoints].sort((a, b) => bodyRank(a) - bodyRank(b))) {
      const { handler, chain, validation, partial, method, path, span } = endpoint;
      if (!handler || partial !== undefined || validation !== 'no' || !effects.has(endpoint)) continue;
      if (seen.has(handler.fn) || piped.has(endpoint) || !model.isJudged(handler.file)) continue;
      seen.add(handler.fn);
      if (chain.some(link => link.roles.includes('verifies-signature'))) continue;
      const reads = bodyReads(model.program, endpoint);
      if (!reads || reads.checked) continue;
      const fields = reads.fields.slice(0, 4).join(', ') + (reads.fields.length > 4 ? ' …' : '');
      report(reads.first, fields ? 'fields' : 'whole', {
        data: { method, path, fields },
        evidence: [
          { span, message: `${method} ${path} is registered here` },
          ...chain.map(link => ({ span: link.span, message: `${link.via}: ${link.why}` })),
        ],
        fixes: checkBody(model, endpoint),
        anchor: `${method} ${path}`,
      });
    }
  },
});

/** Where one handler answers several methods, the body is that of the first of these. */
function bodyRank({ method }: Endpoint): number {
  const rank = ['POST', 'PUT', 'PATCH', 'ALL', 'DELETE'].indexOf(method);
  return rank === -1 ? 5 : rank;
}
