import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function authOf(text: string): readonly (readonly [string, string])[] {
  const { model } = analyseTexts(new Map([['app.ts', text]]));
  return [...model.endpoints, ...model.fields].map(one => [`${one.method} ${one.path}`, one.auth] as const);
}

const KOA = `import Koa from 'koa';
  import Router from '@koa/router';
  import jwt from 'jsonwebtoken';
  const app = new Koa();
  const router = new Router();
  function userOf(ctx) {
    const token = ctx.get('authorization');
    if (!token) ctx.throw(401);
    return jwt.verify(token, process.env.KEY);
  }
  async function keyOf(ctx) {
    try {
      return [userOf(ctx).id];
    } catch {
      // By address then.
    }
    return [ctx.ip];
  }`;

suite('guards that can be passed', () => {
  test('whoever is asked for only to be told apart may be anybody', () => {
    const limiter = `app.use(async (ctx, next) => {
      for (const key of await keyOf(ctx)) if (await store.incr(key) > 100) { ctx.status = 429; return; }
      return next();
    });`;
    const routes = `router.register('/notes', ['get', 'post'], ctx => { ctx.body = []; }); app.use(router.routes());`;
    assert.deepEqual(authOf(`${KOA}${limiter}${routes}`), [
      ['GET /notes', 'no'],
      ['POST /notes', 'no'],
    ]);
    const guard = `app.use(async (ctx, next) => { ctx.state.user = userOf(ctx); return next(); });`;
    assert.deepEqual(
      authOf(`${KOA}${guard}${routes}`).map(([, auth]) => auth),
      ['yes', 'yes'],
    );
  });

  test('cannot be told where callers choose by what they send if they are asked', () => {
    const procedure = (body: string): string => `import { initTRPC, TRPCError } from '@trpc/server';
      import { z } from 'zod';
      const t = initTRPC.create();
      export const appRouter = t.router({
        share: t.procedure.input(z.object({ id: z.string(), token: z.string().optional() })).query(async ({ input, ctx }) => {
          const { id, token } = input;
          ${body}
          if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' });
          return byUser(id, ctx.user.id);
        }),
      });`;
    assert.deepEqual(authOf(procedure('if (token) return await byToken(id, token);')), [['QUERY share', 'unknown']]);
    assert.deepEqual(authOf(procedure("if (!id) throw new TRPCError({ code: 'BAD_REQUEST' });")), [
      ['QUERY share', 'yes'],
    ]);
  });

  test('are none of those that ask a helper of the framework for the credential', () => {
    const hono = `import { Hono } from 'hono';
      import { getCookie } from 'hono/cookie';
      const app = new Hono();
      app.use('*', async (c, next) => {
        if (!getCookie(c, 'session')) return c.json({}, 401);
        await next();
      });
      app.get('/notes', c => c.json([]));
      export default app;`;
    assert.deepEqual(authOf(hono), [['GET /notes', 'yes']]);
    const h3 = `import { createApp, createError, createRouter, defineEventHandler, getHeader, toNodeListener } from 'h3';
      import { createServer } from 'node:http';
      const app = createApp();
      const router = createRouter();
      app.use(defineEventHandler(event => {
        if (getHeader(event, 'authorization') !== process.env.KEY) throw createError({ statusCode: 401 });
      }));
      router.get('/notes', defineEventHandler(() => []));
      app.use(router);
      createServer(toNodeListener(app)).listen(3000);`;
    assert.deepEqual(authOf(h3), [['GET /notes', 'yes']]);
    assert.deepEqual(authOf(h3.replace("'authorization'", "'accept-language'")), [['GET /notes', 'unknown']]);
  });
});
