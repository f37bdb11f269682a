import { selfProofs } from '../../queries/security/self-proofs.ts';
import { defineRule } from '../rule.ts';

export const selfChosenProof = defineRule({
  meta: {
    id: 'security/self-chosen-proof',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [807, 290],
    owasp: ['A01:2025', 'API1:2023'],
    fix: 'guide',
    messages: {
      both: '{left} and {right} are both what the sender of the request says: agreeing with oneself proves nothing.',
    },
  },

  check(model, report) {
    for (const { left, right, span } of selfProofs(model))
      report(span, 'both', { data: { left: `\`${left}\``, right: `\`${right}\`` }, anchor: left });
  },
});
