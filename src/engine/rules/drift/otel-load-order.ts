import { addStatement } from '../../fixes/source-import.ts';
import { edit, lineStart } from '../../fixes/source-style.ts';
import { type LateTracing, lateTracing } from '../../queries/drift/load-order.ts';
import { unhookedTracing } from '../../queries/drift/tracing-hooks.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const otelLoadOrder = defineRule({
  meta: {
    id: 'drift/otel-load-order',
    theme: 'observability',
    benefits: ['performance', 'integration'],
    severity: 'error',
    confidence: 'medium',
    cwe: [],
    owasp: ['A09:2025'],
    fix: 'suggest',
    messages: {
      late: '`{package}` is loaded before tracing starts, so its spans may silently be missing.',
      unhooked:
        '`{package}` is imported as an ES module, and nothing registers the loader hook through which tracing sees such imports.',
      bundled:
        '{tool} takes `{package}` into the bundle: tracing patches packages that are loaded by name, and this one never is.',
      unloaded: 'Nothing loads this tracing set-up: no import, start script or container names `{package}`.',
    },
  },

  check(model, report) {
    for (const found of lateTracing(model)) {
      report(found.span, found.problem, {
        data: { package: found.package },
        evidence: found.problem === 'late' ? [{ span: found.start, message: 'tracing starts here' }] : [],
        fixes: found.move ? [moveUp(found.move)] : [],
        anchor: found.package,
      });
    }
    for (const { problem, span, tool, evidence, ...found } of unhookedTracing(model))
      report(span, problem, {
        severity: 'warning',
        data: { package: found.package, tool },
        evidence,
        anchor: `${problem} ${found.package}`,
      });
  },
});

function moveUp({ file, dependency }: NonNullable<LateTracing['move']>): FixDraft {
  return {
    title: 'Load the tracing module first',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(file);
      const facts = model.project.sources.get(file);
      if (source === undefined || !facts || dependency.kind !== 'import') return undefined;
      const [start, end] = dependency.p;
      const lineEnd = source.indexOf('\n', end);
      const from = lineStart(source, start);
      if (source.slice(from, start).trim() !== '') return undefined;
      return {
        edits: [
          edit(file, [from, lineEnd === -1 ? source.length : lineEnd + 1], ''),
          addStatement(file, source, facts, source.slice(start, end), true),
        ],
        newFiles: [],
      };
    },
  };
}
