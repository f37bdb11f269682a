import { compareInConstantTime } from '../../fixes/safe-compare.ts';
import { secretComparisons } from '../../queries/security/secret-comparisons.ts';
import { defineRule } from '../rule.ts';

export const timingUnsafeCompare = defineRule({
  meta: {
    id: 'security/timing-unsafe-compare',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [208],
    owasp: ['A04:2025'],
    fix: 'auto',
    messages: {
      unsafe: '{what} is compared byte by byte, so the time of the answer tells how much of a guess was right.',
    },
  },

  check(model, report) {
    for (const comparison of secretComparisons(model)) {
      const { what, kind, span } = comparison;
      report(span, 'unsafe', {
        data: { what },
        severity: kind === 'signature' ? 'error' : 'warning',
        anchor: what,
        fixes: compareInConstantTime(comparison),
      });
    }
  },
});
