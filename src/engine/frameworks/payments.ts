import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

/** `create(params, options)`; stripe-node takes a request's settings as the last argument. */
const charge =
  (provider: string, what: string): OperationReader =>
  call => ({
    kind: 'payment',
    args: { data: call.arg(0), options: call.arg(1) },
    is: { provider, what, key: 'idempotencyKey' },
  });

/** Resources of Stripe whose creation moves money. */
const MONEY: Readonly<Record<string, string>> = {
  paymentIntents: 'payment',
  charges: 'charge',
  refunds: 'refund',
  transfers: 'transfer',
  payouts: 'payout',
};

/** Calls of payment providers that move money. */
export const payments = defineAdapter({
  id: 'payments',
  title: 'Payment providers',
  docs: 'https://docs.stripe.com/api/idempotent_requests',
  packages: ['stripe'],
  operations: Object.fromEntries(
    Object.entries(MONEY).flatMap(([resource, what]) =>
      ['stripe', 'stripe.Stripe', 'stripe()'].map(client => [`${client}#${resource}.create`, charge('Stripe', what)]),
    ),
  ),
});
