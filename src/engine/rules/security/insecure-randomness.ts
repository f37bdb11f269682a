import { strongRandom } from '../../fixes/strong-random.ts';
import { biasedRandom } from '../../queries/security/biased-random.ts';
import { weakRandomness } from '../../queries/security/weak-randomness.ts';
import { defineRule } from '../rule.ts';

export const insecureRandomness = defineRule({
  meta: {
    id: 'security/insecure-randomness',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [338, 330],
    owasp: ['A04:2025'],
    fix: 'auto',
    messages: {
      remainder: 'The remainder of a random byte is not as random: some numbers come up more often than others.',
      sum: 'Random bytes that are added or multiplied are not as random: numbers in the middle come up most.',
      weak: '{what} is made with {generator}, whose next numbers can be worked out from a few that were seen.',
    },
  },

  check(model, report) {
    for (const { how, span } of biasedRandom(model))
      report(span, how, { severity: 'info', confidence: 'medium', anchor: how });
    for (const { operation, name, value } of weakRandomness(model)) {
      const generator = String(operation.is['generator'] ?? 'Math.random');
      report(operation.span, 'weak', {
        data: { what: name.replace(/^./, first => first.toUpperCase()), generator },
        anchor: name,
        fixes: strongRandom(operation, value),
      });
    }
  },
});
