import { ownerFromCaller } from '../../fixes/caller.ts';
import { spanIn } from '../../link/values.ts';
import { evidenceOf, recordOwners } from '../../queries/security/record-owners.ts';
import { defineRule } from '../rule.ts';

export const clientSuppliedIdentity = defineRule({
  meta: {
    id: 'security/client-supplied-identity',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [639, 290, 807],
    owasp: ['A01:2025', 'A07:2025', 'API1:2023', 'API3:2023'],
    fix: 'suggest',
    messages: {
      sent: '{route} takes `{column}` from the {part}: whoever is signed in can name somebody else, while other queries take it from the caller.',
    },
  },

  check(model, report) {
    for (const record of recordOwners(model).byOwner) {
      const { column, endpoint, sent } = record;
      const route = `${endpoint.method} ${endpoint.path}`;
      report(spanIn(sent.place.env, sent.place.expr.p), 'sent', {
        data: { route, column: column.name, part: PARTS[sent.part] ?? sent.part },
        evidence: evidenceOf(record),
        fixes: ownerFromCaller(model, record),
        anchor: `${route} ${column.name}`,
      });
    }
  },
});

const PARTS: Readonly<Record<string, string>> = { params: 'path', headers: 'header' };
