import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const codeInjection = defineRule({
  meta: {
    id: 'security/code-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [94, 95, 502],
    owasp: ['A05:2025', 'A08:2025'],
    fix: 'guide',
    sinks: ['code'],
    messages: {
      argument: '{source} of whoever calls this function becomes part of code that `{call}` runs.',
      runs: '{source} is run as code by `{call}`.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'code', 'remote')) report(span, 'runs', options);
    for (const { span, options } of reachedByUsers(model, 'code'))
      report(span, 'argument', { ...options, severity: 'warning', confidence: 'medium' });
  },
});
