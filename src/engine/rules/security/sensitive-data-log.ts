import { leaveUnlogged } from '../../fixes/unlogged.ts';
import { loggedSecrets } from '../../queries/security/clear-secrets.ts';
import { defineRule } from '../rule.ts';

export const sensitiveDataLog = defineRule({
  meta: {
    id: 'security/sensitive-data-log',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [532, 312],
    owasp: ['A09:2025'],
    fix: 'suggest',
    messages: {
      logged: '{name} is written to the log as it is, for everyone who may read logs and for as long as they are kept.',
    },
  },

  check(model, report) {
    for (const { name, span, nested } of loggedSecrets(model))
      report(span, 'logged', { data: { name }, fixes: nested ? leaveUnlogged(model, span) : [], anchor: name });
  },
});
