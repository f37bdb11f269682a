import { openFields } from '../../queries/graphql-open.ts';
import { defineRule } from '../rule.ts';

export const resolverMissingAuth = defineRule({
  meta: {
    id: 'graphql/resolver-missing-auth',
    theme: 'graphql',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [306, 862],
    owasp: ['A01:2025', 'A07:2025', 'API2:2023', 'API5:2023'],
    messages: {
      open: '{kind} `{name}` answers anyone: {guarded} of {all} fields of its kind ask who is calling, this one does not.',
    },
  },

  check(model, report) {
    for (const { field, guarded, siblings } of openFields(model, 'graphql')) {
      const { method, path, span } = field;
      const kind = `${method[0]}${method.slice(1).toLowerCase()}`;
      const sibling = guarded.find(one => one.span.file === span.file) ?? guarded[0]!;
      report(span, 'open', {
        data: { kind, name: path, guarded: guarded.length, all: siblings },
        severity: method === 'MUTATION' ? 'error' : 'warning',
        // What everybody may read is a matter of taste; what everybody may change is not.
        confidence: method === 'MUTATION' ? 'medium' : 'low',
        evidence: [{ span: sibling.span, message: `${sibling.path} is guarded` }],
        anchor: `${method} ${path}`,
      });
    }
  },
});
