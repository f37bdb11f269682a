import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const CONTRACT = `
  import { initContract } from '@ts-rest/core';
  import { z } from 'zod';
  const c = initContract();
  export const contract = c.router({
    posts: {
      list: { method: 'GET', path: '/posts', query: z.object({ take: z.number() }), responses: {} },
      add: { method: 'POST', path: '/posts/:id', body: z.object({ text: z.string() }), responses: {} },
    },
  });`;

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries({ 'src/contract.ts': CONTRACT, ...files })));
  return model.endpoints
    .map(one => `${one.framework} ${one.method} ${one.path} auth=${one.auth} validation=${one.validation}`)
    .sort();
}

suite('ts-rest', () => {
  test('puts its routes behind the guards of the application they are mounted in', () => {
    const handlers = 'list: async () => ({ status: 200 }), add: async () => ({ status: 201 })';
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import express from 'express';
          import jwt from 'jsonwebtoken';
          import { createExpressEndpoints, initServer } from '@ts-rest/express';
          import { contract } from './contract.js';
          const app = express();
          const api = express.Router();
          const guard = (req, res, next) => {
            jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
            next();
          };
          createExpressEndpoints(contract, initServer().router(contract, { posts: { ${handlers} } }), api, {
            globalMiddleware: [guard],
          });
          app.use('/v1', api);`,
      }),
      ['ts-rest GET /v1/posts auth=yes validation=yes', 'ts-rest POST /v1/posts/:id auth=yes validation=yes'],
    );
  });

  test('serves from Fastify, behind the hooks of its scope', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import fastify from 'fastify';
          import { initServer } from '@ts-rest/fastify';
          import { contract } from './contract.js';
          const app = fastify();
          const s = initServer();
          const router = s.router(contract, {
            posts: { list: async () => ({ status: 200 }), add: async () => ({ status: 201 }) },
          });
          app.addHook('onRequest', async (request, reply) => {
            if (!request.session.user) return reply.code(401).send();
          });
          app.register(s.plugin(router));`,
      }),
      ['ts-rest GET /posts auth=yes validation=yes', 'ts-rest POST /posts/:id auth=yes validation=yes'],
    );
  });

  test('names the routes of Nest controllers', () => {
    assert.deepEqual(
      routes({
        'src/main.ts': `
          import { Controller, Module } from '@nestjs/common';
          import { NestFactory } from '@nestjs/core';
          import { nestControllerContract, TsRest, TsRestHandler, tsRestHandler } from '@ts-rest/nest';
          import { contract } from './contract.js';
          const c = nestControllerContract(contract.posts);
          @Controller()
          class Posts {
            @TsRest(c.list) list() { return []; }
            @TsRestHandler(c.add) add() { return tsRestHandler(c.add, async () => ({ status: 201 })); }
          }
          @Module({ controllers: [Posts] })
          class AppModule {}
          NestFactory.create(AppModule).then(app => app.listen(3000));`,
      }),
      ['nest GET /posts auth=no validation=yes', 'nest POST /posts/:id auth=no validation=yes'],
    );
  });

  test('answers below the folder of a catch-all file of Next.js, or below the base it names', () => {
    const files = {
      'package.json': '{ "name": "web", "dependencies": { "next": "15.0.0" } }',
      'src/pages/api/[...rest].ts': `
        import { createNextRoute, createNextRouter } from '@ts-rest/next';
        import { contract } from '../../contract.js';
        const posts = createNextRoute(contract.posts, { list: async () => ({}), add: async () => ({}) });
        export default createNextRouter(contract, { posts });`,
      'src/app/edge/[...rest]/route.ts': `
        import { createNextHandler } from '@ts-rest/serverless/next';
        import { contract } from '../../../contract.js';
        const handler = createNextHandler(contract.posts, { list: async () => ({}), add: async () => ({}) }, {
          basePath: '/edge',
          handlerType: 'app-router',
        });
        export { handler as GET, handler as POST };`,
    };
    assert.deepEqual(routes(files), [
      'ts-rest GET /api/posts auth=no validation=yes',
      'ts-rest GET /edge/posts auth=no validation=yes',
      'ts-rest POST /api/posts/:id auth=no validation=yes',
      'ts-rest POST /edge/posts/:id auth=no validation=yes',
    ]);
  });
});
