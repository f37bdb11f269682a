import { askOnConnect } from '../../fixes/socket-guard.ts';
import { openSockets } from '../../queries/graphql/open-sockets.ts';
import { defineRule } from '../rule.ts';

export const subscriptionUnauthenticated = defineRule({
  meta: {
    id: 'graphql/subscription-unauthenticated',
    theme: 'graphql',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [306, 1385],
    owasp: ['A07:2025', 'API2:2023'],
    fix: 'suggest',
    messages: {
      none: 'Anyone may subscribe to {fields}: nothing asks who opens this socket, while {guarded} asks who is calling.',
      ignores:
        'Anyone may subscribe to {fields}: what runs when a socket opens looks at nothing the caller sent, while {guarded} asks who is calling.',
    },
  },

  check(model, report) {
    for (const { operation, open, guarded, ignores } of openSockets(model)) {
      const names = open.map(({ path }) => path);
      report(operation.span, ignores ? 'ignores' : 'none', {
        data: {
          fields: names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : ''),
          guarded: `${guarded.method} ${guarded.path}`,
        },
        evidence: [
          ...open.slice(0, 5).map(one => ({ span: one.span, message: `SUBSCRIPTION ${one.path} asks nothing either` })),
          { span: guarded.span, message: `${guarded.method} ${guarded.path} asks` },
        ],
        fixes: askOnConnect(model, operation),
        anchor: 'socket',
      });
    }
  },
});
