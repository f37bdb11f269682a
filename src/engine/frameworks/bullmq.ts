import type { OperationCall, OperationDraft } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

export const bullmq = defineAdapter({
  id: 'bullmq',
  title: 'BullMQ',
  docs: 'https://docs.bullmq.io',
  packages: ['bullmq', 'bull', '@nestjs/bullmq', '@nestjs/bull'],
  aliases: { 'bull.Queue': 'bull', 'bull.default': 'bull' },
  consumers: {
    '@nestjs/bull.Process': { broker: 'bull', acks: 'on-return' },
    '@nestjs/bullmq.Processor': { broker: 'bullmq', acks: 'on-return', method: 'process' },
  },
  operations: {
    'bullmq.Worker': call =>
      call.site.call.new
        ? {
            kind: 'message-consume',
            args: { topic: call.arg(0), callback: call.arg(1), options: call.arg(2) },
            is: { broker: 'bullmq', acks: 'on-return' },
          }
        : undefined,
    'bull#process': call => ({
      kind: 'message-consume',
      args: { callback: call.arg(2) ?? call.arg(1) ?? call.arg(0) },
      is: { broker: 'bull', acks: 'on-return' },
    }),
    'bullmq.Queue#add': publish,
    'bullmq.Queue#addBulk': publish,
    'bull#add': publish,
    'bull#addBulk': publish,
  },
});

function publish(call: OperationCall): OperationDraft {
  return { kind: 'message-publish', args: { topic: call.arg(0), payload: call.arg(1) }, is: { broker: 'bullmq' } };
}
