import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

/** The story of the adapters told with procedures: they are called by name, so it has a table of its own. */
const BUILDER = `
  import { initTRPC, TRPCError } from '@trpc/server';
  import jwt from 'jsonwebtoken';
  import { audit } from '@example/audit';
  const t = initTRPC.context<Context>().meta<Meta>().create({ transformer });
  const signedIn = t.middleware(async ({ ctx, next }) => {
    if (!ctx.session?.user) throw new TRPCError({ code: 'UNAUTHORIZED' });
    return next({ ctx: { ...ctx, user: ctx.session.user } });
  });
  const known = t.middleware(opts => {
    if (opts.ctx.user?.banned) throw new TRPCError({ code: 'FORBIDDEN' });
    return opts.next({ ctx: { user: opts.ctx.user } });
  });
  export const router = t.router;
  export const mergeRouters = t.mergeRouters;
  export const procedure = t.procedure;
  export const userProcedure = t.procedure.use(signedIn);
  export const adminProcedure = userProcedure.use(async ({ ctx, next }) => {
    if (ctx.user.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' });
    return next();
  });
  export const maybeProcedure = t.procedure.use(known);
  export const auditedProcedure = t.procedure.use(audit());
  export const limitedProcedure = t.procedure.use(async ({ path, next }) => {
    if (!(await take(path))) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
    return next();
  });`;

function procedures(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries({ 'src/trpc.ts': BUILDER, ...files })));
  return [...model.fields, ...model.endpoints]
    .map(one => {
      const verdicts = `auth=${one.auth} validation=${one.validation} limit=${one.rateLimit}`;
      return `${one.method} ${one.path} ${verdicts}${one.partial === undefined ? '' : ' partial'}`;
    })
    .sort();
}

suite('tRPC', () => {
  test('tells the story', () => {
    assert.deepEqual(
      procedures({
        'src/orders.ts': `
          import { z } from 'zod';
          import { auditedProcedure, procedure, router, userProcedure } from './trpc';
          const Order = z.object({ item: z.string() });
          export const create = userProcedure.input(Order).mutation(async ({ input }) => save(input));
          export const ordersRouter = router({
            list: userProcedure.query(() => []),
            create,
            remove: auditedProcedure.input(z.any()).mutation(async () => {}),
            changed: procedure.subscription(async function* () {}),
            draft: { save: procedure.input(Order).mutation(async ({ ctx, input }) => {
              if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' });
              return save(input);
            }) },
          });`,
        'src/reports.ts': `
          import { adminProcedure, maybeProcedure, router } from './trpc';
          export const reportsRouter = router({
            list: maybeProcedure.query(() => []),
            publish: adminProcedure.mutation(() => ({})),
          });`,
        'src/app.ts': `
          import { lazy } from '@trpc/server';
          import { rest } from '@example/procedures';
          import { limitedProcedure, mergeRouters, procedure, router } from './trpc';
          import { ordersRouter } from './orders';
          const base = router({ status: procedure.query(() => 'ok'), search: limitedProcedure.query(() => []) });
          export const appRouter = mergeRouters(base, router({
            orders: ordersRouter,
            reports: lazy(() => import('./reports')),
            rest,
          }));
          export const caller = createCallerFactory(appRouter);`,
      }),
      [
        'ALL rest auth=unknown validation=unknown limit=unknown partial',
        'MUTATION orders.create auth=yes validation=yes limit=no',
        'MUTATION orders.draft.save auth=yes validation=yes limit=no',
        'MUTATION orders.remove auth=unknown validation=unknown limit=unknown',
        'MUTATION reports.publish auth=yes validation=no limit=no',
        'QUERY orders.list auth=yes validation=no limit=no',
        'QUERY reports.list auth=no validation=no limit=no',
        'QUERY search auth=no validation=no limit=yes',
        'QUERY status auth=no validation=no limit=no',
        'SUBSCRIPTION orders.changed auth=no validation=no limit=no',
      ],
    );
  });

  test('serves procedures with metadata under REST addresses, too', () => {
    assert.deepEqual(
      procedures({
        'src/app.ts': `
          import { createOpenApiExpressMiddleware } from 'trpc-to-openapi';
          import { procedure, router, userProcedure } from './trpc';
          export const appRouter = router({
            item: userProcedure.meta({ openapi: { method: 'GET', path: '/items/{id}' } }).query(() => ({})),
            hidden: procedure.meta({ openapi: { method: 'GET', path: '/x', enabled: false } }).query(() => ({})),
          });
          export const serve = app => app.use(createOpenApiExpressMiddleware({ endpoint: '/api', router: appRouter }));`,
      }),
      [
        'GET /api/items/:id auth=yes validation=no limit=no',
        'QUERY hidden auth=no validation=no limit=no',
        'QUERY item auth=yes validation=no limit=no',
      ],
    );
  });

  test('serves them where the handler is mounted: below a path, a prefix of a plugin, a file, or who knows where', () => {
    const serving = (files: Readonly<Record<string, string>>): string[] =>
      procedures({
        'package.json': '{ "name": "x", "dependencies": { "next": "15.0.0" } }',
        'src/app.ts': `
          import { z } from 'zod';
          import { procedure, router } from './trpc';
          export const appRouter = router({
            item: procedure.meta({ openapi: { method: 'GET', path: '/items/{id}' } })
              .input(z.object({ id: z.string() })).query(() => ({})),
          });`,
        ...files,
      }).filter(one => one.includes('/items'));
    assert.deepEqual(
      serving({
        'src/server.ts': `
          import express from 'express';
          import { createOpenApiExpressMiddleware } from 'trpc-openapi';
          import { appRouter } from './app';
          const server = express();
          server.use('/v1', createOpenApiExpressMiddleware({ router: appRouter }));
          server.listen(3000);`,
      }),
      ['GET /v1/items/:id auth=no validation=yes limit=no'],
    );
    assert.deepEqual(
      serving({
        'src/server.ts': `
          import fastify from 'fastify';
          import { fastifyTRPCOpenApiPlugin } from 'trpc-openapi';
          import { appRouter } from './app';
          const server = fastify();
          server.register(fastifyTRPCOpenApiPlugin, { basePath: '/v2', router: appRouter });
          server.listen({ port: 3000 });`,
      }),
      ['GET /v2/items/:id auth=no validation=yes limit=no'],
    );
    assert.deepEqual(
      serving({
        'pages/api/[...path].ts': `
          import { createOpenApiNextHandler } from 'trpc-openapi';
          import { appRouter } from '../../src/app';
          export default createOpenApiNextHandler({ router: appRouter });`,
      }),
      ['GET /api/items/:id auth=no validation=yes limit=no'],
    );
    assert.deepEqual(
      serving({
        'src/handler.ts': `
          import { createOpenApiAwsLambdaHandler } from 'trpc-openapi';
          import { appRouter } from './app';
          export const handler = createOpenApiAwsLambdaHandler({ router: appRouter });`,
      }),
      ['GET /items/:id auth=unknown validation=yes limit=unknown partial'],
    );
  });
});
