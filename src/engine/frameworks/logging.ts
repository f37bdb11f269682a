import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const log =
  (level: string, structured: boolean): OperationReader =>
  call => ({
    kind: 'log',
    args: { first: call.arg(0), second: call.arg(1), third: call.arg(2), fourth: call.arg(3) },
    is: { level, structured },
  });

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const LOGGERS = [
  'pino()',
  'pino.pino()',
  'pino()#child()',
  'pino.Logger',
  'winston',
  'winston.createLogger()',
  'winston.Logger',
  'bunyan.createLogger()',
  'log4js.getLogger()',
  'loglevel',
  'nestjs-pino.PinoLogger',
  'fastify.FastifyRequest#log',
  'fastify.FastifyInstance#log',
  '~router#log',
  'tslog.Logger',
];

/** Log calls, and whether the logger writes records or lines of text. */
export const logging = defineAdapter({
  id: 'logging',
  title: 'Logging',
  docs: 'https://getpino.io/',
  packages: ['pino', 'winston', 'bunyan', 'nestjs-pino', 'log4js'],
  operations: {
    ...Object.fromEntries(
      ['log', 'info', 'warn', 'error', 'debug', 'trace'].map(name => [`console.${name}`, log(name, false)]),
    ),
    ...Object.fromEntries(
      LOGGERS.flatMap(logger => {
        const dot = /^(?:winston|loglevel)$|#log$/.test(logger) ? '.' : '#';
        return LEVELS.map(level => [`${logger}${dot}${level}`, log(level, true)]);
      }),
    ),
    ...Object.fromEntries(
      ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'].map(name => [
        `@nestjs/common.Logger#${name}`,
        log(name === 'log' ? 'info' : name, true),
      ]),
    ),
  },
});
