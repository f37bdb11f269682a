import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { mergeHelpers } from '../../link/merge-helpers.ts';
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
      helper: '`{name}` copies every name on all levels: a `__proto__` in what it is given changes all objects.',
    },
  },

  check(model, report) {
    for (const kind of KINDS)
      for (const { span, options } of reaching(model, kind, 'remote')) report(span, kind, options);
    for (const { span, options } of reachedByUsers(model, 'proto')) report(span, 'path', options);
    for (const { name, span } of mergeHelpers(model))
      report(span, 'helper', { data: { name }, severity: 'info', anchor: name });
  },
});
