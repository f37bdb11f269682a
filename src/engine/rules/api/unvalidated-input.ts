import { checkBody } from '../../fixes/body-schema.ts';
import { uncheckedBodies } from '../../queries/api/unchecked-bodies.ts';
import { defineRule } from '../rule.ts';

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
    for (const { endpoint, reads } of uncheckedBodies(model)) {
      const { chain, method, path, span } = endpoint;
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
