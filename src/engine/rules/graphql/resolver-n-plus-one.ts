import { loadTogether } from '../../fixes/data-loader.ts';
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
    fix: 'suggest',
    messages: {
      query: '{field} asks {whom} once for every {type} of a list; a loader can ask once for all of them.',
    },
  },

  check(model, report) {
    for (const query of parentQueries(model)) {
      const { field, operation, list } = query;
      const { type = '', name, span } = field;
      const whom = operation.kind === 'http-request' ? 'another service' : 'the database';
      report(span, 'query', {
        data: { field: `${type}.${name}`, type, whom },
        evidence: [
          { span: list, message: `a list of ${type}` },
          { span: operation.span, message: `${type}.${name} asks here, for each of them` },
        ],
        fixes: loadTogether(model, query),
        anchor: `${type}.${name}`,
      });
    }
  },
});
