import { halfAnchored } from '../../queries/security/half-anchored.ts';
import { defineRule } from '../rule.ts';

export const halfAnchoredPattern = defineRule({
  meta: {
    id: 'security/half-anchored-pattern',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [20],
    owasp: ['A05:2025'],
    fix: 'guide',
    messages: {
      start: '`^` holds for the first alternative only: every other one may match anywhere in the text.',
      end: '`$` holds for the last alternative only: after every other one anything may follow.',
    },
  },

  check(model, report) {
    for (const { anchor, span, source } of halfAnchored(model))
      report(span, anchor === '^' ? 'start' : 'end', { anchor: source });
  },
});
