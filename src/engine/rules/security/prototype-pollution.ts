import { reachedByUsers, reaching } from '../../flow/findings.ts';
import type { Span } from '../../model/span.ts';
import { mergeHelpers } from '../../queries/security/merge-helpers.ts';
import { pathHelpers } from '../../queries/security/path-helpers.ts';
import { defineRule } from '../rule.ts';

const KINDS = ['proto', 'merge'] as const;

export const prototypePollution = defineRule({
  meta: {
    id: 'security/prototype-pollution',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1321, 915],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['proto', 'merge'],
    messages: {
      proto: '{source} chooses the object that is changed: `__proto__` changes all objects.',
      path: '{source} of whoever calls this function chooses the object that is changed: `__proto__` changes all objects.',
      merge: '{source} is merged on all levels by `{call}`: `__proto__` in it changes all objects.',
      down: '`{name}` goes down by any name it is given: a `__proto__` among them changes all objects.',
      helper: '`{name}` copies every name on all levels: a `__proto__` in what it is given changes all objects.',
    },
  },

  check(model, report) {
    for (const kind of KINDS)
      for (const { span, options } of reaching(model, kind, 'remote')) report(span, kind, options);
    const last = new Map(reachedByUsers(model, 'proto').map(one => [placeOf(one.flow.source.span), one]));
    for (const { span, options } of last.values()) report(span, 'path', options);
    const told = new Set([...last.values()].map(({ span }) => placeOf(span)));
    for (const { name, span } of pathHelpers(model))
      if (!told.has(placeOf(span))) report(span, 'down', { data: { name }, severity: 'info', anchor: name });
    for (const { name, span } of mergeHelpers(model))
      report(span, 'helper', { data: { name }, severity: 'info', anchor: name });
  },
});

function placeOf({ file, start }: Span): string {
  return `${file}:${start}`;
}
