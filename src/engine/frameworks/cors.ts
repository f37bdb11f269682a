import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const setup =
  (library: string): OperationReader =>
  call => ({ kind: 'cors-setup', args: { options: call.arg(0) }, is: { library, position: 0 } });

/** Cross-origin set-up outside of the Express and Fastify packages. */
export const cors = defineAdapter({
  id: 'cors',
  title: 'CORS',
  docs: 'https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS',
  packages: ['@koa/cors', 'hono'],
  operations: {
    '@koa/cors': setup('koa'),
    'hono/cors.cors': setup('hono'),
    'elysia.cors': setup('elysia'),
    '@nestjs/core.NestFactory.create()#enableCors': setup('nest'),
    '~router#enableCors': setup('nest'),
    '@nestjs/core.NestFactory.create': call => {
      for (const position of [1, 2]) {
        const options = optionOf(call.arg(position), 'cors');
        if (options) return { kind: 'cors-setup', args: { options }, is: { library: 'nest', position: -1 } };
      }
      return undefined;
    },
  },
});
