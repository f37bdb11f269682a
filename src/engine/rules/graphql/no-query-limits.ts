import { addDependency } from '../../fixes/package-dependency.ts';
import { insertImport } from '../../fixes/source-import.ts';
import { mergeArgument } from '../../fixes/source-object.ts';
import type { Operation } from '../../link/operations.ts';
import { takesValidationRules, unlimitedServers } from '../../queries/graphql/graphql-limits.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const noQueryLimits = defineRule({
  meta: {
    id: 'graphql/no-query-limits',
    theme: 'graphql',
    benefits: ['performance', 'security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [770, 674],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'suggest',
    messages: {
      cycle: 'One query may ask for any depth: nothing limits depth or cost, and the schema refers back to itself.',
      none: 'Nothing limits the depth or cost of a query to this GraphQL server.',
    },
  },

  check(model, report) {
    for (const { operation, cycle } of unlimitedServers(model)) {
      report(operation.span, cycle ? 'cycle' : 'none', {
        severity: cycle ? 'warning' : 'info',
        evidence: cycle ? [{ span: cycle, message: 'a query can come back to this type through this field' }] : [],
        fixes: takesValidationRules(operation) ? [limitDepth(operation)] : [],
        anchor: String(operation.is['server']),
      });
    }
  },
});

/** Depth 10: the lower defaults of limiting plugins refuse queries that real clients send. */
function limitDepth({ file, site, args }: Operation): FixDraft {
  return {
    title: 'Refuse queries deeper than 10 levels',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(file);
      const facts = model.project.sources.get(file);
      const options = args['options']?.expr;
      if (source === undefined || !facts || options?.k !== 'obj') return undefined;
      if (options.props.some(one => one.k === 'prop' && one.n === 'validationRules')) return undefined;
      const wish = { module: 'graphql-depth-limit', name: 'default', local: 'depthLimit' };
      const imported = insertImport(file, source, facts, wish);
      const property = imported && { name: 'validationRules', value: `[${imported.local}(10)]` };
      const merged = property && mergeArgument(file, source, site.call, 0, [property]);
      if (!imported || !merged) return undefined;
      const manifest = addDependency(model.project, text, file, 'graphql-depth-limit', '^1.1.0');
      return { edits: [...imported.edits, ...merged, ...manifest], newFiles: [] };
    },
  };
}
