import { parentQueries } from '../../queries/graphql/parent-queries.ts';
import { defineRule } from '../rule.ts';

export const resolverNPlusOne = defineRule({
  meta: {
    id: 'graphql/resolver-n-plus-one',
    theme: 'graphql',
    benefits: ['performance', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1050],
    owasp: ['API4:2023'],
    messages: {
      query: '{field} asks {whom} once for every {type} of a list; a loader can ask once for all of them.',
    },
  },

  check(model, report) {
    for (const { field, operation, list } of parentQueries(model)) {
      const { type = '', name, span } = field;
      const whom = operation.kind === 'http-request' ? 'another service' : 'the database';
      report(span, 'query', {
        data: { field: `${type}.${name}`, type, whom },
        evidence: [
          { span: list, message: `a list of ${type}` },
          { span: operation.span, message: `${type}.${name} asks here, for each of them` },
        ],
        anchor: `${type}.${name}`,
      });
    }
  },
});
