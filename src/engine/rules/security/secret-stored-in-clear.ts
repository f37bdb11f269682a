import { storedSecrets } from '../../queries/security/stored-secrets.ts';
import { defineRule } from '../rule.ts';

export const secretStoredInClear = defineRule({
  meta: {
    id: 'security/secret-stored-in-clear',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [312, 922],
    owasp: ['A04:2025'],
    fix: 'guide',
    messages: {
      page: '{name} is kept where every script of the page can read it.',
      file: '{name} is written as it is to a file that every user of the machine may read.',
    },
  },

  check(model, report) {
    for (const { name, where, isPassword, span } of storedSecrets(model))
      report(span, where, {
        data: { name },
        severity: where === 'page' && !isPassword ? 'info' : 'warning',
        anchor: name,
      });
  },
});
