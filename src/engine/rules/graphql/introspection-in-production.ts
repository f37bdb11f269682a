import { edit, quoted } from '../../fixes/source-style.ts';
import { defaultSwitches, type OpenSwitch, openSwitches } from '../../queries/graphql/open-schemas.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const introspectionInProduction = defineRule({
  meta: {
    id: 'graphql/introspection-in-production',
    theme: 'graphql',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [200, 489],
    owasp: ['A02:2025', 'API8:2023', 'API9:2023'],
    fix: 'auto',
    messages: {
      on: '`{name}` is on in production too, so anyone can read the whole schema.',
      part: '`{name}` is on in production too; the router in front of this subgraph gets the schema without it.',
      default:
        'Introspection is on by default unless NODE_ENV is `production`, which nothing that deploys this server sets.',
    },
  },

  check(model, report) {
    for (const open of openSwitches(model)) {
      report(open.span, open.isSubgraph ? 'part' : 'on', {
        data: { name: open.name },
        severity: open.isForAll || open.isSubgraph ? 'info' : 'warning',
        fixes: open.literal ? [fixOf(open)] : [],
        anchor: open.name,
      });
    }
    for (const { operation, deployed } of defaultSwitches(model)) {
      report(operation.span, 'default', {
        confidence: 'medium',
        evidence: [{ span: deployed, message: 'it runs from here, without NODE_ENV' }],
        anchor: 'introspection',
      });
    }
  },
});

function fixOf({ operation: { file }, name, literal }: OpenSwitch): FixDraft {
  return {
    title: `Turn ${name} off in production`,
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      if (source === undefined || !literal) return undefined;
      const stage = `process.env.NODE_ENV !== ${quoted(source, 'production')}`;
      return { edits: [edit(file, literal.p, stage)], newFiles: [] };
    },
  };
}
