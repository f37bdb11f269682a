import { callbackThrows } from '../../queries/reliability/callback-throws.ts';
import { defineRule } from '../rule.ts';

export const throwInCallback = defineRule({
  meta: {
    id: 'reliability/throw-in-callback',
    theme: 'performance',
    benefits: ['performance'],
    severity: 'error',
    confidence: 'medium',
    cwe: [248, 755],
    owasp: ['A10:2025'],
    fix: 'guide',
    messages: {
      ends: 'Nobody is there to catch this: `{callee}` calls back from the event loop, so the process ends for all callers.',
    },
  },

  check(model, report) {
    for (const { callee, given, span } of callbackThrows(model))
      report(span, 'ends', {
        data: { callee },
        evidence: [{ span: given, message: 'the function is handed over here' }],
        anchor: callee,
      });
  },
});
