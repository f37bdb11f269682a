import { privilegeWrites } from '../../queries/security/privilege-writes.ts';
import { defineRule } from '../rule.ts';

export const privilegeFromRequest = defineRule({
  meta: {
    id: 'security/privilege-from-request',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [863, 269, 915],
    owasp: ['A01:2025', 'API3:2023'],
    fix: 'guide',
    messages: {
      written: '{source} says what somebody may do (`{field}`), and nothing here asks who may say so.',
    },
  },

  check(model, report) {
    for (const { field, source, span } of privilegeWrites(model))
      report(span, 'written', { data: { field, source: `\`${source}\`` }, anchor: field });
  },
});
