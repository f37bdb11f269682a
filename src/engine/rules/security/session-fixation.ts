import { keptSessions } from '../../queries/security/protections-off.ts';
import { defineRule } from '../rule.ts';

export const sessionFixation = defineRule({
  meta: {
    id: 'security/session-fixation',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [384],
    owasp: ['A07:2025'],
    fix: 'guide',
    messages: {
      off: 'The session keeps its id when `{name}` is written, so an id that somebody planted before is signed in too.',
    },
  },

  check(model, report) {
    for (const { name, span } of keptSessions(model)) report(span, 'off', { data: { name }, anchor: name });
  },
});
