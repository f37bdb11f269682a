import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const templateOptions = defineRule({
  meta: {
    id: 'security/template-options',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'medium',
    cwe: [73, 94],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['locals'],
    messages: {
      locals: 'All of {source} is given to `{call}`: options of the template engine may be among it.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'locals', 'remote')) report(span, 'locals', options);
  },
});
