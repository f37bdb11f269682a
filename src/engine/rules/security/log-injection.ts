import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const logInjection = defineRule({
  meta: {
    id: 'security/log-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'info',
    confidence: 'medium',
    cwe: [117],
    owasp: ['A09:2025'],
    fix: 'guide',
    sinks: ['log'],
    messages: {
      line: '{source} gets into the log with its line breaks, which makes entries of its own.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'log', 'remote')) report(span, 'line', options);
  },
});
