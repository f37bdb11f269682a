import { addOperations, removeOperation } from '../../fixes/openapi.ts';
import { type SpecDrift, specDrifts } from '../../queries/api/spec-drift.ts';
import { defineRule, type Report } from '../rule.ts';

/** More missing routes than this are told in one finding. */
const SINGLE = 5;

export const specDrift = defineRule({
  meta: {
    id: 'api/spec-drift',
    theme: 'api-first',
    benefits: ['integration', 'security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1059],
    owasp: ['API9:2023'],
    fix: 'suggest',
    messages: {
      undocumented: '{method} {path} is not described in {file}.',
      many: '{file} does not describe {count} of {total} routes, {method} {path} among them.',
      stale: '{method} {path} is described here, but no route answers it.',
      renamed: '{method} {path} calls a parameter `{said}` that its route calls `{own}`.',
      method: '{method} {path} is described here, but the route answers only {methods}.',
    },
  },

  check(model, report) {
    for (const drift of specDrifts(model)) {
      reportUndocumented(drift, report);
      const { path: file, facts, stale } = drift;
      for (const { operation, others } of stale) {
        const { method, path } = operation;
        const at = method.start < method.end ? method : path;
        report({ file, start: at.start, end: at.end }, others.length ? 'method' : 'stale', {
          data: { method: method.value, path: path.value, methods: others.map(one => one.method).join(', ') },
          evidence: others.map(({ span, method: own, path: at }) => ({ span, message: `${own} ${at}` })),
          fixes: [removeOperation(file, facts, operation)],
          anchor: `${method.value} ${path.value}`,
        });
      }
      reportRenamed(drift, report);
    }
  },
});

/** Once per path: its methods share the name. */
function reportRenamed({ path: file, renamed }: SpecDrift, report: Report<'renamed'>): void {
  const seen = new Set<number>();
  for (const { operation, route, said, own } of renamed) {
    const { method, path } = operation;
    if (seen.has(path.start)) continue;
    seen.add(path.start);
    report({ file, start: path.start, end: path.end }, 'renamed', {
      severity: 'hint',
      data: { method: method.value, path: path.value, said, own },
      evidence: [{ span: route.span, message: `${route.method} ${route.path}` }],
      anchor: `${path.value} ${said}`,
    });
  }
}

function reportUndocumented(
  { path: file, facts, unit, undocumented }: SpecDrift,
  report: Report<'undocumented' | 'many'>,
): void {
  const [first] = undocumented;
  if (first && undocumented.length > SINGLE) {
    const at = { file, start: facts.version.start, end: facts.version.end };
    report(at, 'many', {
      // A document may be about the public part of a service only.
      severity: 'info',
      data: { file, count: undocumented.length, total: unit.routes.length, ...wordsOf(first) },
      evidence: undocumented.map(({ route }) => ({ span: route.span, message: `${route.method} ${route.path}` })),
      fixes: [addOperations(file, facts, undocumented)],
      anchor: 'undocumented',
    });
    return;
  }
  for (const one of undocumented) {
    report(one.route.span, 'undocumented', {
      data: { file, ...wordsOf(one) },
      evidence: [{ span: { file, start: facts.version.start, end: facts.version.end }, message: 'the document' }],
      fixes: [addOperations(file, facts, [one])],
      anchor: `${one.route.method} ${one.route.path}`,
    });
  }
}

function wordsOf({ route: { method, path } }: SpecDrift['undocumented'][number]): { method: string; path: string } {
  return { method, path };
}
