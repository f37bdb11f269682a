import type { Program } from '../link/program.ts';
import type { ApiValue, CallSite } from '../link/values.ts';
import { defineAdapter, type RequestPart } from './adapter.ts';
import { giveAll } from './shared/routes.ts';
import { discoverTrpc, noteRouter, ROUTER } from './trpc/discover.ts';
import { MIDDLEWARE, PROCEDURE, RESOLVED } from './trpc/procedures.ts';

const CORE = '@trpc/server/unstable-core-do-not-import';
const START = '@trpc/server.initTRPC()';
const BUILDER = '@trpc/server.T';
/** What every middleware and every resolver is called with. */
const OPTIONS = '@trpc/server.Options';
const CONTEXT = '@trpc/server.Context';
/** Methods of a procedure that give a procedure. */
const CHAIN = ['use', 'input', 'output', 'meta', 'concat', 'unstable_concat'];
const RESOLVES = ['query', 'mutation', 'subscription'];
/** Names under which contexts carry who is calling. */
const CALLER = ['user', 'userId', 'currentUser', 'auth', 'viewer', 'account', 'apiKey', 'token'];

const REST_PLUGINS = ['trpc-openapi', 'trpc-to-openapi'].map(name => `${name}.fastifyTRPCOpenApiPlugin`);

const given = (program: Program, _callee: ApiValue, { args }: CallSite): undefined => {
  giveAll(program, args, [OPTIONS]);
};

const router = (program: Program, callee: ApiValue, site: CallSite): ApiValue => {
  const value: ApiValue = { k: 'api', path: ROUTER, inst: true, made: site, from: callee };
  if (!site.env.isStatic && !program.isBooted) noteRouter(program, value);
  return value;
};

/** Procedures in trees of routers; what stands before a resolver is the chain its procedure was built with. */
export const trpc = defineAdapter({
  id: 'trpc',
  title: 'tRPC',
  docs: 'https://trpc.io/docs/server/procedures',
  packages: ['@trpc/server'],
  boots: true,
  aliases: {
    [`${CORE}.initTRPC`]: '@trpc/server.initTRPC',
    [`${CORE}.lazy`]: '@trpc/server.lazy',
    [`${CORE}.TRPCError`]: '@trpc/server.TRPCError',
    '@trpc/server.experimental_lazy': '@trpc/server.lazy',
    ...Object.fromEntries(
      ['meta', 'context'].flatMap(name => [
        [`@trpc/server.initTRPC.${name}()`, START],
        [`${START}#${name}()`, START],
      ]),
    ),
    '@trpc/server.initTRPC.create()': BUILDER,
    [`${START}#create()`]: BUILDER,
    [`${BUILDER}#procedure`]: PROCEDURE,
    [`${BUILDER}#middleware()`]: MIDDLEWARE,
    '@trpc/server.experimental_standaloneMiddleware()#create()': MIDDLEWARE,
    [`${MIDDLEWARE}#unstable_pipe()`]: MIDDLEWARE,
    ...Object.fromEntries(CHAIN.map(name => [`${PROCEDURE}#${name}()`, PROCEDURE])),
    ...Object.fromEntries(RESOLVES.map(name => [`${PROCEDURE}#${name}()`, RESOLVED])),
    [`${OPTIONS}#ctx`]: CONTEXT,
    [`${CONTEXT}#req`]: 'express.Request',
  },

  calls: {
    [`${BUILDER}#router`]: router,
    [`${BUILDER}#mergeRouters`]: router,
    [`${BUILDER}#middleware`]: given,
    [`${MIDDLEWARE}#unstable_pipe`]: given,
    '@trpc/server.experimental_standaloneMiddleware()#create': given,
    [`${PROCEDURE}#use`]: given,
    ...Object.fromEntries(RESOLVES.map(name => [`${PROCEDURE}#${name}`, given])),
  },

  request: {
    [`${OPTIONS}#input`]: 'body',
    [`${OPTIONS}#rawInput`]: 'body',
    [`${OPTIONS}#getRawInput()`]: 'body',
    [`${CONTEXT}#session`]: 'session',
    [`${CONTEXT}#headers`]: 'headers',
    ...Object.fromEntries(CALLER.map((name): [string, RequestPart] => [`${CONTEXT}#${name}`, 'user'])),
  },

  // The procedures are judged one by one.
  middleware: Object.fromEntries(
    ['@trpc/server/adapters/fastify.fastifyTRPCPlugin', ...REST_PLUGINS].map(name => [name, ['neutral'] as const]),
  ),

  discover: discoverTrpc,
});
