import type { OperationReader } from '../link/operations.ts';
import { numberOf, stringOf } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';

const SIGNALS = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR2']);

const signal: OperationReader = call => {
  const name = stringOf(call.value(0));
  if (name !== undefined && !SIGNALS.has(name)) return undefined;
  // In `for (const s of signals) process.on(s, …)` one value stands for several.
  const literal = call.arg(0)?.k === 'str' ? name : undefined;
  return {
    kind: 'shutdown-hook',
    args: { callback: call.arg(1) },
    is: { signal: literal ?? 'unknown', by: 'process' },
  };
};
const library: OperationReader = call => ({
  kind: 'shutdown-hook',
  args: { callback: call.arg(0) },
  is: { signal: 'SIGTERM', by: 'library' },
});
const exit: OperationReader = call => ({ kind: 'process-exit', is: { code: numberOf(call.value(0)) } });

const LIBRARIES = [
  '~router#enableShutdownHooks',
  '@nestjs/core.NestFactory.create()#enableShutdownHooks',
  '@nestjs/core.NestFactory.createMicroservice()#enableShutdownHooks',
  '@nestjs/core.NestFactory.createApplicationContext()#enableShutdownHooks',
  '@nestjs/common.INestApplication#enableShutdownHooks',
  '@nestjs/platform-express.NestExpressApplication#enableShutdownHooks',
  '@nestjs/platform-fastify.NestFastifyApplication#enableShutdownHooks',
  'close-with-grace',
  'close-with-grace.closeWithGrace',
  '@godaddy/terminus.createTerminus',
  'http-terminator.createHttpTerminator',
  'lightship.createLightship',
  'stoppable',
  'http-graceful-shutdown',
  'http-graceful-shutdown.gracefulShutdown',
  'http-shutdown',
  'http-close',
  'node-graceful-shutdown.onShutdown',
  'node-graceful.on',
  'async-exit-hook',
  'exit-hook',
  'exit-hook.asyncExitHook',
  'death',
  'node-cleanup',
  'signal-exit',
  'signal-exit.onExit',
  'graceful-shutdown',
  '@hapi/hoek.gracefulShutdown',
  '@moebius/http-graceful-shutdown.GracefulShutdownServer',
  'nestjs-graceful-shutdown.setupGracefulShutdown',
  '@tygra/nestjs-graceful-shutdown.setupGracefulShutdown',
];

/** How a process ends: who listens for the signal that asks it to stop. */
export const processLifecycle = defineAdapter({
  id: 'process-lifecycle',
  title: 'Process signals',
  docs: 'https://nodejs.org/api/process.html#signal-events',
  packages: ['close-with-grace', '@godaddy/terminus', 'http-terminator', 'lightship', 'stoppable'],
  aliases: { 'node:process': 'process', 'node:process.env': 'process.env' },
  operations: {
    'process.on': signal,
    'process.once': signal,
    'process.addListener': signal,
    'process.exit': exit,
    ...Object.fromEntries(LIBRARIES.map(path => [path, library])),
  },
});
