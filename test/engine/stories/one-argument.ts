import { SCHEMA } from './schema.ts';

/** The story in the dialects of frameworks whose handlers get one object for request and answer. */
export const ONE_ARGUMENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  h3: {
    'src/guard.ts': `
      import { createError, getHeader, getRequestIP, readValidatedBody } from 'h3';
      import jwt from 'jsonwebtoken';
      export const requireUser = event => {
        try {
          event.context.user = jwt.verify(getHeader(event, 'authorization'), process.env.JWT_SECRET);
        } catch {
          throw createError({ statusCode: 401 });
        }
      };
      export const limited = async event => {
        if ((await count(getRequestIP(event))) > 10) throw createError({ statusCode: 429 });
      };`,
    'src/reports.ts': `
      import { createRouter, defineEventHandler } from 'h3';
      import { requireUser } from './guard.js';
      export const reports = createRouter()
        .get('/', defineEventHandler(() => []))
        .use('/:id', requireUser)
        .post('/:id', defineEventHandler(() => ({})));`,
    'src/schema.ts': SCHEMA,
    'src/app.ts': `
      import { createApp, createRouter, defineEventHandler, readValidatedBody, useBase } from 'h3';
      import { audit } from '@example/audit';
      import { limited, requireUser } from './guard.js';
      import { reports } from './reports.js';
      import { Order } from './schema.js';
      export const app = createApp();
      const router = createRouter();
      router.get('/status', defineEventHandler(() => 'ok'));
      router.get('/orders', defineEventHandler({ onRequest: [requireUser], handler: () => [] }));
      router.post('/orders', defineEventHandler({
        onRequest: [requireUser],
        handler: async event => readValidatedBody(event, Order.parse),
      }));
      router.delete('/orders/:id', defineEventHandler({ onRequest: [audit()], handler: () => ({}) }));
      router.post('/search', defineEventHandler({ onRequest: [limited], handler: () => [] }));
      app.use(router);
      app.use('/api/reports', useBase('/', reports));`,
  },
  elysia: {
    'src/guard.ts': `
      import jwt from 'jsonwebtoken';
      export const requireUser = ({ headers, error }) => {
        try {
          jwt.verify(headers.authorization, process.env.JWT_SECRET);
        } catch {
          return error(401);
        }
      };`,
    'src/reports.ts': `
      import { Elysia } from 'elysia';
      import { requireUser } from './guard.js';
      export const reports = new Elysia({ prefix: '/reports' })
        .get('/', () => [])
        .onBeforeHandle(requireUser)
        .post('/:id', () => ({}));`,
    'src/app.ts': `
      import { Elysia, t } from 'elysia';
      import { rateLimit } from 'elysia-rate-limit';
      import { audit } from '@example/audit';
      import { requireUser } from './guard.js';
      import { reports } from './reports.js';
      const limited = new Elysia().use(rateLimit({ max: 10 })).post('/search', () => []);
      new Elysia()
        .get('/status', () => 'ok')
        .guard({ beforeHandle: [requireUser] }, app =>
          app.get('/orders', () => []).post('/orders', ({ body }) => body, { body: t.Object({ item: t.String() }) }))
        .delete('/orders/:id', () => ({}), { beforeHandle: audit() })
        .use(limited)
        .group('/api', app => app.use(reports))
        .listen(3000);`,
  },
};
