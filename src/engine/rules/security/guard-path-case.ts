import { casedPaths } from '../../queries/security/cased-paths.ts';
import { defineRule } from '../rule.ts';

export const guardPathCase = defineRule({
  meta: {
    id: 'security/guard-path-case',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [178, 863],
    owasp: ['A01:2025'],
    fix: 'guide',
    messages: {
      cased: '`{pattern}` tells capitals apart and the routes do not: the same path in capitals gets by.',
    },
  },

  check(model, report) {
    for (const { pattern, span } of casedPaths(model)) report(span, 'cased', { data: { pattern }, anchor: pattern });
  },
});
