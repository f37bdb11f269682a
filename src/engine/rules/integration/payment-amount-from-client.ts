import { chosenAmounts } from '../../queries/integration/chosen-amounts.ts';
import { defineRule } from '../rule.ts';

export const paymentAmountFromClient = defineRule({
  meta: {
    id: 'integration/payment-amount-from-client',
    theme: 'integration',
    benefits: ['integration', 'security'],
    severity: 'error',
    confidence: 'medium',
    cwe: [602, 472, 807],
    owasp: ['A06:2025', 'API6:2023'],
    fix: 'guide',
    sinks: ['amount'],
    messages: {
      amount: '{source} is the amount that `{call}` asks for: whoever pays chooses the price.',
    },
  },

  check(model, report) {
    for (const { span, options } of chosenAmounts(model)) report(span, 'amount', options);
  },
});
