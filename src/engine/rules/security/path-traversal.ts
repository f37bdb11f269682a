import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const pathTraversal = defineRule({
  meta: {
    id: 'security/path-traversal',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [22, 23, 73],
    owasp: ['A01:2025'],
    fix: 'guide',
    sinks: ['path'],
    messages: {
      path: '{source} decides which file `{call}` uses, without a check that it stays in its folder.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'path', 'remote')) report(span, 'path', options);
  },
});
