import { limitDepth } from '../../fixes/query-limits.ts';
import { endlessUploads, looseBatches, unlimitedServers } from '../../queries/graphql/graphql-limits.ts';
import { defineRule } from '../rule.ts';

export const noQueryLimits = defineRule({
  meta: {
    id: 'graphql/no-query-limits',
    theme: 'graphql',
    benefits: ['performance', 'security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [770, 674],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'auto',
    messages: {
      cycle: 'One query may ask for any depth: nothing limits depth or cost, and the schema refers back to itself.',
      list: 'One query may ask for a whole list as often as it likes: nothing limits depth or cost.',
      none: 'Nothing limits the depth or cost of a query to this GraphQL server.',
      batch: '`{option}` lets one request carry any number of operations.',
      large: '`{option}` lets one request carry {count} operations.',
      files: 'One operation may bring any number of files: `maxFiles` is not set.',
    },
  },

  check(model, report) {
    for (const { operation, cycle, list } of unlimitedServers(model)) {
      const [span, message] = cycle
        ? [cycle, 'a query can come back to this type through this field']
        : [list, 'this gives the whole list to whoever asks'];
      report(operation.span, cycle ? 'cycle' : list ? 'list' : 'none', {
        severity: span ? 'warning' : 'info',
        evidence: span ? [{ span, message }] : [],
        fixes: limitDepth(operation),
        anchor: String(operation.is['server']),
      });
    }
    for (const { option, count, span } of looseBatches(model))
      report(span, count === undefined ? 'batch' : 'large', { data: { option, count: count ?? 0 }, anchor: option });
    for (const { span } of endlessUploads(model)) report(span, 'files', { anchor: 'files' });
  },
});
