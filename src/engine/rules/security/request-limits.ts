import { mergeArgument, mergeExpression, objectText } from '../../fixes/source-object.ts';
import type { Operation } from '../../link/operations.ts';
import { largeBodies, unboundedUploads } from '../../queries/security/request-limits.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const requestLimits = defineRule({
  meta: {
    id: 'security/request-limits',
    theme: 'security',
    benefits: ['security', 'scalability'],
    severity: 'warning',
    confidence: 'high',
    cwe: [770, 434],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'auto',
    messages: {
      upload: '{library} takes files of {size} here: one request can fill the memory or the disk.',
      body: 'Every route takes bodies of up to {size}, so a few requests at once can fill the memory.',
    },
  },

  check(model, report) {
    for (const operation of unboundedUploads(model)) {
      const { library, default: size } = operation.is;
      report(operation.span, 'upload', {
        data: { library: String(library), size: String(size) },
        fixes: [limitFiles(operation)],
        anchor: String(library),
      });
    }
    // Parsers of one application stand side by side: told once, at the first.
    const told = new Map<string, Operation>();
    for (const { operation, size } of largeBodies(model)) {
      const key = `${operation.file} ${operation.fn.id}`;
      if (told.has(key)) continue;
      told.set(key, operation);
      report(operation.args['limit']!.span, 'body', { data: { size }, anchor: 'limit' });
    }
  },
});

function limitFiles({ file, site, is }: Operation): FixDraft {
  return {
    title: 'Take files of up to 5 MB',
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      if (source === undefined) return undefined;
      const [first, second] = String(is['limit']).split('.');
      const size = '5 * 1024 * 1024';
      const given = site.call.a[Number(is['position'])];
      const inner =
        second && given?.k === 'obj' ? given.props.find(one => one.k === 'prop' && one.n === first) : undefined;
      if (second && inner?.k === 'prop' && !inner.short) {
        const merged = mergeExpression(file, source, inner.v, [{ name: second, value: size }]);
        return merged && { edits: merged, newFiles: [] };
      }
      const value = second ? objectText(source, site.call.p[0], [{ name: second, value: size }]) : size;
      const edits = mergeArgument(file, source, site.call, Number(is['position']), [{ name: first!, value }]);
      return edits && { edits, newFiles: [] };
    },
  };
}
