import { lastNameOnly } from '../../fixes/last-name.ts';
import { stayInside } from '../../fixes/stay-inside.ts';
import { reaching } from '../../flow/findings.ts';
import type { Span } from '../../model/span.ts';
import { defineRule } from '../rule.ts';

const ASKS = /^(?:(?:path)?exists|l?stat|access)(?:Sync)?$/i;

export const pathTraversal = defineRule({
  meta: {
    id: 'security/path-traversal',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [22, 23, 73],
    owasp: ['A01:2025'],
    fix: 'auto',
    sinks: ['path'],
    messages: {
      path: '{source} decides which file `{call}` uses, without a check that it stays in its folder.',
    },
  },

  check(model, report) {
    const all = reaching(model, 'path', 'remote');
    const sourceOf = ({ options }: (typeof all)[number]): string => placeOf(options.evidence[0]?.span);
    // Asking whether a file is there before it is used is one defect, told where it is used.
    const used = new Set(all.filter(one => !ASKS.test(one.options.data.call)).map(sourceOf));
    for (const one of all)
      if (!ASKS.test(one.options.data.call))
        report(one.span, 'path', { ...one.options, fixes: [...stayInside(model, one), ...lastNameOnly(one)] });
      else if (!used.has(sourceOf(one)))
        // Whether a file is there is all that it tells.
        report(one.span, 'path', {
          ...one.options,
          severity: 'warning',
          fixes: [...stayInside(model, one), ...lastNameOnly(one)],
        });
  },
});

function placeOf(span: Span | undefined): string {
  return span ? `${span.file}:${span.start}` : '';
}
