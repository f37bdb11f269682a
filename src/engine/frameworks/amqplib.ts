import type { OperationCall, OperationDraft } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { membersOf } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const CHANNEL = 'amqplib.Channel';

export const amqplib = defineAdapter({
  id: 'amqplib',
  title: 'amqplib',
  docs: 'https://amqp-node.github.io/amqplib/channel_api.html',
  packages: ['amqplib', 'amqp-connection-manager'],
  aliases: {
    'amqplib/callback_api': 'amqplib',
    'amqplib.connect()': 'amqplib.Connection',
    'amqplib.ChannelModel': 'amqplib.Connection',
    'amqplib.Connection#createChannel()': CHANNEL,
    'amqplib.Connection#createConfirmChannel()': CHANNEL,
    'amqplib.ConfirmChannel': CHANNEL,
    'amqp-connection-manager.ChannelWrapper': CHANNEL,
  },
  callbacks: {
    'amqplib.connect': [undefined, 'amqplib.Connection'],
    'amqplib.Connection#createChannel': [undefined, CHANNEL],
    'amqplib.Connection#createConfirmChannel': [undefined, CHANNEL],
  },
  operations: {
    'amqplib.connect': call => ({
      kind: 'db-client',
      args: { options: call.arg(0) },
      is: { orm: 'amqplib', name: 'connect' },
    }),
    [`${CHANNEL}#consume`]: call => {
      const automatic = optionOf(call.arg(2), 'noAck');
      return {
        kind: 'message-consume',
        args: { topic: call.arg(0), callback: call.arg(1), options: call.arg(2), flag: automatic },
        is: { broker: 'amqp', acks: automatic?.k === 'bool' && automatic.v ? 'auto' : 'manual' },
      };
    },
    [`${CHANNEL}#sendToQueue`]: call => publish(call, 0, 1),
    [`${CHANNEL}#publish`]: call => publish(call, 1, 2),
    ...membersOf(CHANNEL, 'ack ackAll', call => ({
      kind: 'message-ack',
      args: { message: call.arg(0) },
      is: { broker: 'amqp', what: 'ack' },
    })),
    ...membersOf(CHANNEL, 'nack nackAll reject', call => ({
      kind: 'message-ack',
      args: { message: call.arg(0) },
      is: { broker: 'amqp', what: 'nack' },
    })),
  },
});

function publish(call: OperationCall, topic: number, payload: number): OperationDraft {
  return {
    kind: 'message-publish',
    args: { topic: call.arg(topic), payload: call.arg(payload) },
    // Writes to a buffer and gives a boolean, not a promise.
    is: { broker: 'amqp', sync: true },
  };
}
