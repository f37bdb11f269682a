import type { OperationCall, OperationDraft } from '../link/operations.ts';
import type { Expr } from '../model/facts.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

export const nestMicroservices = defineAdapter({
  id: 'nest-microservices',
  title: 'NestJS microservices',
  docs: 'https://docs.nestjs.com/microservices/rabbitmq',
  packages: ['@nestjs/microservices'],
  consumers: {
    '@nestjs/microservices.EventPattern': { broker: 'nest', acks: 'auto' },
    '@nestjs/microservices.MessagePattern': { broker: 'nest', acks: 'auto' },
  },
  operations: {
    '@nestjs/core.NestFactory.createMicroservice': call => server(call, call.arg(1)),
    '~router#connectMicroservice': call => server(call, call.arg(0)),
    '@nestjs/microservices.ClientProxy#emit': publish,
    '@nestjs/microservices.ClientProxy#send': publish,
    '@nestjs/microservices.ClientKafka#emit': publish,
    '@nestjs/microservices.ClientKafka#send': publish,
  },
});

/** The RabbitMQ server acknowledges on delivery unless told otherwise: `RQM_DEFAULT_NOACK` is true. */
function server(_call: OperationCall, config: Expr | undefined): OperationDraft | undefined {
  const transport = optionOf(config, 'transport');
  const options = optionOf(config, 'options');
  if (transport?.k !== 'mem' || transport.n !== 'RMQ' || options?.k !== 'obj') return undefined;
  if (options.props.some(prop => prop.k !== 'prop')) return undefined;
  const flag = optionOf(options, 'noAck');
  const isManual = flag !== undefined && !(flag.k === 'bool' && flag.v);
  return {
    kind: 'message-consume',
    args: { options, flag },
    is: { broker: 'rabbitmq', acks: isManual ? 'manual' : 'auto' },
  };
}

/** Gives an observable: nothing is a promise, and `send` does nothing until somebody subscribes. */
function publish(call: OperationCall): OperationDraft {
  return {
    kind: 'message-publish',
    args: { topic: call.arg(0), payload: call.arg(1) },
    is: { broker: 'nest', sync: true },
  };
}
