import { redirectInside } from '../../fixes/redirect-inside.ts';
import { reaching } from '../../flow/findings.ts';
import { leadsBack } from '../../queries/security/own-host.ts';
import { defineRule } from '../rule.ts';

export const openRedirect = defineRule({
  meta: {
    id: 'security/open-redirect',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [601],
    owasp: ['A01:2025'],
    fix: 'auto',
    sinks: ['redirect'],
    messages: {
      target: '{source} decides where `{call}` sends the browser.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'redirect', 'remote', flow => !flow.isConfined && !leadsBack(flow)))
      report(reached.span, 'target', { ...reached.options, fixes: redirectInside(reached) });
  },
});
