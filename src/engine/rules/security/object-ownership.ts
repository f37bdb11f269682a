import { askForOwner } from '../../fixes/caller.ts';
import { evidenceOf, recordOwners } from '../../queries/security/record-owners.ts';
import { defineRule } from '../rule.ts';

export const objectOwnership = defineRule({
  meta: {
    id: 'security/object-ownership',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [639, 566],
    owasp: ['A01:2025', 'API1:2023'],
    fix: 'suggest',
    messages: {
      unowned:
        '{route} reaches any record by the `{key}` that is sent: nothing on its way asks whose it is, while other queries ask for `{owner}`.',
    },
  },

  check(model, report) {
    for (const record of recordOwners(model).byKey) {
      const { operation, column, endpoint, sibling } = record;
      const route = `${endpoint.method} ${endpoint.path}`;
      report(operation.span, 'unowned', {
        data: { route, key: column.name, owner: sibling.column },
        evidence: evidenceOf(record),
        fixes: askForOwner(model, record),
        anchor: route,
      });
    }
  },
});
