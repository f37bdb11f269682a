import { urlChecks } from '../../queries/security/url-checks.ts';
import { defineRule } from '../rule.ts';

export const incompleteUrlCheck = defineRule({
  meta: {
    id: 'security/incomplete-url-check',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [20],
    owasp: ['A01:2025'],
    fix: 'guide',
    messages: {
      anywhere: '{host} may stand anywhere in the address, so {passes} passes too.',
      prefix: 'Nothing ends the host {host} here, so {passes} passes too.',
      suffix: 'Nothing separates {host} from what is in front of it, so {passes} passes too.',
      dot: 'A dot of {host} is not escaped and stands for any character, so {passes} passes too.',
      length: 'This is also true where {host} is not in the text and one longer: both sides are -1.',
    },
  },

  check(model, report) {
    for (const { problem, host, passes, sent, span } of urlChecks(model))
      report(span, problem, { data: { host, passes }, severity: sent ? 'warning' : 'info', anchor: host });
  },
});
