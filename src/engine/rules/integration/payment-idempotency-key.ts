import { keyOfPaid } from '../../fixes/idempotency.ts';
import { repeatablePayments } from '../../queries/integration/repeatable-payments.ts';
import { defineRule } from '../rule.ts';

export const paymentIdempotencyKey = defineRule({
  meta: {
    id: 'integration/payment-idempotency-key',
    theme: 'integration',
    benefits: ['integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [837],
    owasp: ['A06:2025', 'API6:2023'],
    fix: 'suggest',
    messages: {
      missing: 'A second try of this {what} is a second {what}: {provider} is given no `idempotencyKey` to tell it by.',
      random: 'The `idempotencyKey` is made anew for each try, so a second try of this {what} is a second {what}.',
    },
  },

  check(model, report) {
    for (const { operation, problem, retried } of repeatablePayments(model)) {
      report(operation.span, problem, {
        data: { what: String(operation.is['what']), provider: String(operation.is['provider']) },
        severity: retried ? 'error' : 'warning',
        fixes: keyOfPaid(operation),
        anchor: operation.callee,
      });
    }
  },
});
