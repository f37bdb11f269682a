import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const check =
  (provider: string, payload: number, signature: number): OperationReader =>
  ({ arg }) => ({
    kind: 'signature-verify',
    args: { payload: arg(payload), signature: arg(signature) },
    is: { provider },
  });

/** Checks that providers' own libraries make on what they send. */
export const webhookSignatures = defineAdapter({
  id: 'webhook-signatures',
  title: 'Webhook signatures',
  docs: 'https://www.standardwebhooks.com',
  packages: ['stripe', 'svix', '@octokit/webhooks', 'twilio', '@upstash/qstash', '@vercel/queue'],
  aliases: { 'standardwebhooks.Webhook': 'svix.Webhook' },
  middleware: {
    'twilio.webhook()': ['verifies-signature'],
    '@upstash/qstash/nextjs.verifySignatureAppRouter()': ['verifies-signature'],
    '@upstash/qstash/nextjs.verifySignature()': ['verifies-signature'],
    '@octokit/webhooks.createNodeMiddleware()': ['verifies-signature'],
    // Takes what the platform's queue hands over; a route with a queue's trigger has no public address.
    '@vercel/queue.handleCallback()': ['verifies-signature'],
    '@vercel/queue.handleNodeCallback()': ['verifies-signature'],
    '@vercel/queue.QueueClient#handleCallback()': ['verifies-signature'],
    '@vercel/queue.QueueClient#handleNodeCallback()': ['verifies-signature'],
  },
  operations: {
    'stripe#webhooks.constructEvent': check('stripe', 0, 1),
    'stripe#webhooks.constructEventAsync': check('stripe', 0, 1),
    'stripe.Stripe#webhooks.constructEvent': check('stripe', 0, 1),
    'stripe.Stripe#webhooks.constructEventAsync': check('stripe', 0, 1),
    'stripe.webhooks.constructEvent': check('stripe', 0, 1),
    'stripe.Stripe.webhooks.constructEvent': check('stripe', 0, 1),
    'svix.Webhook#verify': check('svix', 0, 1),
    '@upstash/qstash.Receiver#verify': check('qstash', 0, 0),
    '@clerk/express/webhooks.verifyWebhook': check('clerk', 0, 0),
    '@clerk/backend/webhooks.verifyWebhook': check('clerk', 0, 0),
    '@clerk/nextjs/webhooks.verifyWebhook': check('clerk', 0, 0),
    '@octokit/webhooks.Webhooks#verify': check('github', 0, 1),
    '@octokit/webhooks.Webhooks#verifyAndReceive': check('github', 0, 0),
    '@octokit/webhooks-methods.verify': check('github', 1, 2),
    'twilio.validateRequest': check('twilio', 3, 1),
    'twilio.validateRequestWithBody': check('twilio', 3, 1),
    'twilio.validateExpressRequest': check('twilio', 0, 0),
    'razorpay.validateWebhookSignature': check('razorpay', 0, 1),
    'razorpay/dist/utils/razorpay-utils.validateWebhookSignature': check('razorpay', 0, 1),
    'square.WebhooksHelper.verifySignature': check('square', 0, 0),
    '@paddle/paddle-node-sdk.Paddle#webhooks.unmarshal': check('paddle', 0, 2),
    'openai#webhooks.unwrap': check('openai', 0, 1),
    'openai#webhooks.verifySignature': check('openai', 0, 1),
    '@polar-sh/sdk/webhooks.validateEvent': check('polar', 0, 1),
    'discord-interactions.verifyKey': check('discord', 0, 1),
    '@slack/events-api.verify': check('slack', 0, 0),
  },
});
