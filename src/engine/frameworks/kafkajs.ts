import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

export const kafkajs = defineAdapter({
  id: 'kafkajs',
  title: 'KafkaJS',
  docs: 'https://kafka.js.org/docs/consuming',
  packages: ['kafkajs'],
  aliases: {
    'kafkajs.Kafka#consumer()': 'kafkajs.Consumer',
    'kafkajs.Kafka#producer()': 'kafkajs.Producer',
    '@confluentinc/kafka-javascript.KafkaJS.Kafka': 'kafkajs.Kafka',
  },
  operations: {
    'kafkajs.Kafka': call =>
      call.site.call.new
        ? { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'kafkajs', name: 'Kafka' } }
        : undefined,
    'kafkajs.Producer#send': call => ({
      kind: 'message-publish',
      args: { topic: optionOf(call.arg(0), 'topic'), payload: optionOf(call.arg(0), 'messages') },
      is: { broker: 'kafka' },
    }),
    'kafkajs.Producer#sendBatch': call => ({
      kind: 'message-publish',
      args: { payload: call.arg(0) },
      is: { broker: 'kafka' },
    }),
    'kafkajs.Consumer#run': call => {
      const options = call.arg(0);
      const automatic = optionOf(options, 'autoCommit');
      return {
        kind: 'message-consume',
        args: { options, callback: optionOf(options, 'eachMessage') ?? optionOf(options, 'eachBatch') },
        is: { broker: 'kafka', acks: automatic?.k === 'bool' && !automatic.v ? 'manual' : 'on-return' },
      };
    },
    'kafkajs.Consumer#commitOffsets': () => ({ kind: 'message-ack', is: { broker: 'kafka', what: 'ack' } }),
  },
});
