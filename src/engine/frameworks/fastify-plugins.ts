import type { OperationDraft } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const KINDS: Readonly<Record<string, OperationDraft>> = {
  '@fastify/cors': { kind: 'cors-setup', is: { library: '@fastify/cors', position: 1 } },
  'fastify-cors': { kind: 'cors-setup', is: { library: '@fastify/cors', position: 1 } },
  '@fastify/session': { kind: 'session-setup', is: { library: '@fastify/session', position: 1 } },
  '@fastify/secure-session': { kind: 'session-setup', is: { library: '@fastify/secure-session', position: 1 } },
  '@fastify/rate-limit': { kind: 'limiter-setup', is: { library: '@fastify/rate-limit', position: 1, waits: true } },
  'fastify-rate-limit': { kind: 'limiter-setup', is: { library: '@fastify/rate-limit', position: 1, waits: true } },
  '@fastify/formbody': { kind: 'body-parser', is: { form: true, position: 1 } },
  '@fastify/multipart': { kind: 'body-parser', is: { form: true, position: 1 } },
  mercurius: { kind: 'graphql-server', is: { server: 'mercurius', position: 1 } },
  '@fastify/under-pressure': { kind: 'health-check', is: { position: 1 } },
};

/** Fastify plugins whose registration is the set-up that others do by a call. */
export const fastifyPlugins = defineAdapter({
  id: 'fastify-plugins',
  title: 'Fastify plugins',
  docs: 'https://fastify.dev/ecosystem/',
  packages: ['@fastify/cors', '@fastify/session', '@fastify/secure-session', '@fastify/jwt', 'mercurius'],
  operations: {
    // @fastify/jwt: verifies the request's token and throws if it is not valid.
    'fastify.FastifyRequest#jwtVerify': () => ({ kind: 'identity-read', args: {}, is: { throws: true } }),
    '~router#register': call => {
      const plugin = call.value(0);
      if (plugin?.k !== 'api') return undefined;
      if (plugin.path === '@fastify/jwt' || plugin.path === 'fastify-jwt')
        return {
          kind: 'jwt-key',
          args: { key: optionOf(call.arg(1), 'secret'), options: call.arg(1) },
          is: { library: '@fastify/jwt' },
        };
      const known = KINDS[plugin.path];
      return known && { ...known, args: { options: call.arg(1) } };
    },
  },
});
