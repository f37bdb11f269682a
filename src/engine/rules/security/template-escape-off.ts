import { escapingOff } from '../../queries/security/protections-off.ts';
import { defineRule } from '../rule.ts';

export const templateEscapeOff = defineRule({
  meta: {
    id: 'security/template-escape-off',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [79, 116],
    owasp: ['A05:2025'],
    fix: 'guide',
    messages: {
      off: '`{name}` makes the template put every text into the page as it is, markup and scripts included.',
    },
  },

  check(model, report) {
    for (const { name, span, unseen } of escapingOff(model))
      report(span, 'off', { data: { name }, anchor: name, severity: unseen ? 'info' : 'warning' });
  },
});
