import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const logInjection = defineRule({
  meta: {
    id: 'security/log-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'info',
    confidence: 'medium',
    cwe: [117, 134],
    owasp: ['A09:2025'],
    fix: 'guide',
    sinks: ['log', 'format'],
    messages: {
      format: '{source} says how `{call}` writes the other values: what was meant for one place shows up in another.',
      line: '{source} gets into the log with its line breaks, which makes entries of its own.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'log', 'remote')) report(span, 'line', options);
    for (const { span, options } of reaching(model, 'format', 'remote')) report(span, 'format', options);
  },
});
