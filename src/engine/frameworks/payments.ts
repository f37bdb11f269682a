import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

/** `create(params, options)`; stripe-node takes a request's settings as the last argument. */
const charge =
  (provider: string, what: string): OperationReader =>
  call => [
    {
      kind: 'payment',
      args: { data: call.arg(0), options: call.arg(1) },
      is: { provider, what, key: 'idempotencyKey' },
    },
    { kind: 'price-set', args: { data: call.arg(0) }, is: { provider, what } },
  ];

const price =
  (provider: string, what: string): OperationReader =>
  call => ({ kind: 'price-set', args: { data: call.arg(0) }, is: { provider, what } });

/** Resources of Stripe whose creation moves money. */
const MONEY: Readonly<Record<string, string>> = {
  paymentIntents: 'payment',
  charges: 'charge',
  refunds: 'refund',
  transfers: 'transfer',
  payouts: 'payout',
};

const STRIPE = ['stripe', 'stripe.Stripe', 'stripe()'];

/** What else asks for an amount, by client. */
const PRICES: readonly (readonly [provider: string, client: string, members: Readonly<Record<string, string>>])[] = [
  ...STRIPE.map(
    client =>
      [
        'Stripe',
        client,
        {
          'checkout.sessions.create': 'checkout',
          'invoiceItems.create': 'invoice item',
          'paymentIntents.update': 'payment',
        },
      ] as const,
  ),
  ['Razorpay', 'razorpay', { 'orders.create': 'order' }],
  ['Mollie', '@mollie/api-client()', { 'payments.create': 'payment', 'orders.create': 'order' }],
  ['Mollie', '@mollie/api-client.createMollieClient()', { 'payments.create': 'payment', 'orders.create': 'order' }],
  ['Braintree', 'braintree.BraintreeGateway', { 'transaction.sale': 'payment' }],
  ['Square', 'square.SquareClient', { 'payments.create': 'payment' }],
  ['Square', 'square.Client', { 'paymentsApi.createPayment': 'payment' }],
];

/** Calls of payment providers that move money. */
export const payments = defineAdapter({
  id: 'payments',
  title: 'Payment providers',
  docs: 'https://docs.stripe.com/api/idempotent_requests',
  packages: ['stripe', 'razorpay', '@mollie/api-client', 'braintree', 'square'],
  operations: {
    ...Object.fromEntries(
      Object.entries(MONEY).flatMap(([resource, what]) =>
        STRIPE.map(client => [`${client}#${resource}.create`, charge('Stripe', what)]),
      ),
    ),
    ...Object.fromEntries(
      PRICES.flatMap(([provider, client, members]) =>
        Object.entries(members).map(([member, what]) => [`${client}#${member}`, price(provider, what)]),
      ),
    ),
  },
});
