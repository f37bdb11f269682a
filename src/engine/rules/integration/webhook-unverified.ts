import { verifySender } from '../../fixes/verify-webhook.ts';
import { onlyAnswers, receiverOf } from '../../queries/webhooks.ts';
import { defineRule } from '../rule.ts';

export const webhookUnverified = defineRule({
  meta: {
    id: 'integration/webhook-unverified',
    theme: 'integration',
    benefits: ['integration', 'security'],
    severity: 'error',
    confidence: 'medium',
    cwe: [345, 347, 306],
    owasp: ['A08:2025', 'API10:2023'],
    fix: 'suggest',
    messages: {
      open: '{method} {path} acts on events from {sender} without checking that they come from there.',
    },
  },

  check(model, report) {
    const { endpoints, program } = model;
    for (const endpoint of endpoints) {
      const { method, path, span, auth, authorization, partial } = endpoint;
      // A signature check counts as authentication of the sender.
      if (auth !== 'no' || authorization === 'yes' || partial !== undefined) continue;
      const receiver = receiverOf(program, endpoint);
      if (!receiver || receiver.signs.length < 2 || onlyAnswers(endpoint)) continue;
      report(span, 'open', {
        data: { method, path, sender: receiver.provider ?? 'another service' },
        evidence: receiver.signs,
        fixes: verifySender(model, endpoint, receiver),
        anchor: `${method} ${path}`,
      });
    }
  },
});
