import { repeatedWebhooks } from '../../queries/integration/repeated-webhooks.ts';
import { defineRule } from '../rule.ts';

export const webhookNotIdempotent = defineRule({
  meta: {
    id: 'integration/webhook-not-idempotent',
    theme: 'integration',
    benefits: ['integration', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [837, 841],
    owasp: ['A06:2025', 'API6:2023'],
    fix: 'guide',
    messages: {
      again:
        'An event from {sender} that is delivered again counts again: {method} {path} never looks whether it was here.',
    },
  },

  check(model, report) {
    for (const { endpoint, operation, sender, evidence } of repeatedWebhooks(model)) {
      const { method, path, span } = endpoint;
      report(operation.span, 'again', {
        data: { sender, method, path },
        evidence: [{ span, message: `${method} ${path} receives the event` }, ...evidence],
        anchor: `${method} ${path}`,
      });
    }
  },
});
