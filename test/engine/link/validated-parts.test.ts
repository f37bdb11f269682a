import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { inputSchemas } from '../../../src/engine/queries/input-schema.ts';
import { analyseTexts } from '../../harness/workspace.ts';

const CHECK = `
  import type { ZodType } from 'zod';
  const parse = (part: string, schema: ZodType, data: unknown) => {
    try {
      return schema.parse(data);
    } catch (error) {
      throw new InputError(part, error);
    }
  };
  const tryParse = (part: string, schema: ZodType | undefined, data: unknown) => {
    if (!schema) return;
    return parse(part, schema, data);
  };
  export default function check({ query, body, params }) {
    return async (ctx, next) => {
      ctx.checked = {
        query: tryParse('query', query, ctx.request.query),
        body: tryParse('body', body, ctx.request.body),
        params: tryParse('params', params, ctx.params),
      };
      return next();
    };
  }`;

suite('a step that is made with schemas', () => {
  test('checks the parts that it was given one for, through the same helper', () => {
    const { model } = analyseTexts(
      new Map([
        ['check.ts', CHECK],
        [
          'server.ts',
          `import Koa from 'koa';
           import Router from '@koa/router';
           import { z } from 'zod';
           import check from './check.ts';
           const router = new Router();
           router.get('/orders', check({ query: z.object({ page: z.number() }) }), ctx => (ctx.body = []));
           router.put(
             '/orders/:id',
             check({ params: z.object({ id: z.string().uuid() }), body: z.object({ amount: z.number().positive() }) }),
             ctx => (ctx.body = {}),
           );
           const app = new Koa();
           app.use(router.routes());
           app.listen(3000);`,
        ],
      ]),
      { rules: [] },
    );
    assert.deepEqual(
      model.endpoints.map(one => [
        one.path,
        one.chain.flatMap(({ roles }) => roles.filter(role => role.startsWith('validates'))).sort(),
        inputSchemas(model, one),
      ]),
      [
        [
          '/orders',
          ['validates-query'],
          { query: { type: 'object', properties: { page: { type: 'number' } }, required: ['page'] } },
        ],
        [
          '/orders/:id',
          ['validates-body', 'validates-params'],
          {
            params: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] },
            body: {
              type: 'object',
              properties: { amount: { type: 'number', exclusiveMinimum: 0 } },
              required: ['amount'],
            },
          },
        ],
      ],
    );
  });

  test('checks the whole request by a schema of its parts, beside what outer steps ask for', () => {
    const { model } = analyseTexts(
      new Map([
        [
          'server.ts',
          `import Koa from 'koa';
           import Router from '@koa/router';
           import { z } from 'zod';
           const validate = schema => async (ctx, next) => {
             ctx.input = schema.parse(ctx.request);
             return next();
           };
           const router = new Router();
           router.use(async (ctx, next) => {
             z.object({ trace: z.string().optional() }).parse(ctx.query);
             return next();
           });
           const Orders = z.object({ body: z.object({ ids: z.array(z.string()) }), query: z.object({ page: z.string() }) });
           router.post('/orders.list', validate(Orders), ctx => (ctx.body = []));
           const app = new Koa();
           app.use(router.routes());
           app.listen(3000);`,
        ],
      ]),
      { rules: [] },
    );
    const [route] = model.endpoints;
    assert.equal(route?.validation, 'yes');
    assert.deepEqual(inputSchemas(model, route!), {
      query: {
        type: 'object',
        properties: { trace: { type: 'string' }, page: { type: 'string' } },
        required: ['page'],
      },
      body: {
        type: 'object',
        properties: { ids: { type: 'array', items: { type: 'string' } } },
        required: ['ids'],
      },
    });
  });
});

suite('schemas of input', () => {
  test('are read where Hono brings its own zod', () => {
    const { model } = analyseTexts(
      new Map([
        [
          'server.ts',
          `import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
           const app = new OpenAPIHono();
           const list = createRoute({
             method: 'get',
             path: '/orders',
             request: { query: z.object({ state: z.enum(['open', 'paid']).optional().openapi({ example: 'open' }) }) },
             responses: {},
           });
           app.openapi(list, c => c.json([]));
           export default app;`,
        ],
      ]),
      { rules: [] },
    );
    assert.deepEqual(inputSchemas(model, model.endpoints[0]!), {
      query: { type: 'object', properties: { state: { enum: ['open', 'paid'] } } },
    });
  });

  test('name what is required once, and no values where none are known', () => {
    const { model } = analyseTexts(
      new Map([
        [
          'server.ts',
          `import { Body, Controller, Module, Post } from '@nestjs/common';
           import { NestFactory } from '@nestjs/core';
           import { State } from '@example/states';
           interface Channels { email: boolean; email: boolean }
           class Preferences { channels: Channels; state: keyof typeof State }
           @Controller('preferences')
           class PreferencesController {
             @Post() save(@Body() body: Preferences) { return body; }
           }
           @Module({ controllers: [PreferencesController] })
           class AppModule {}
           NestFactory.create(AppModule);`,
        ],
      ]),
      { rules: [] },
    );
    assert.deepEqual(inputSchemas(model, model.endpoints[0]!).body, {
      type: 'object',
      properties: {
        channels: { type: 'object', properties: { email: { type: 'boolean' } }, required: ['email'] },
        state: {},
      },
      required: ['channels', 'state'],
    });
  });
});
