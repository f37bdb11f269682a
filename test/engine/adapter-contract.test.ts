import assert from 'node:assert/strict';
import test from 'node:test';
import type { Endpoint } from '../../src/engine/link/endpoint.ts';
import { analyseTexts } from '../harness/workspace.ts';
import { CONTRACT_FIRST } from './stories/contract-first.ts';
import { EXPRESS_GUARD } from './stories/express-guard.ts';
import { FILE_ROUTED } from './stories/file-routed.ts';
import { ONE_ARGUMENT } from './stories/one-argument.ts';
import { SCHEMA } from './stories/schema.ts';

/**
 * One small service told in the dialect of each framework: a public route, a guarded one, one behind a step that cannot
 * be seen through, a checked body, a limited rate, a router of another file below a prefix, and a guard that is
 * registered where it does not cover. Every adapter must arrive at the same table.
 */
const STORY = [
  'DELETE /orders/:id auth=unknown validation=unknown limit=unknown',
  'GET /api/reports auth=no validation=no limit=no',
  'GET /orders auth=yes validation=no limit=no',
  'GET /status auth=no validation=no limit=no',
  'POST /api/reports/:id auth=yes validation=no limit=no',
  'POST /orders auth=yes validation=yes limit=no',
  'POST /search auth=no validation=no limit=yes',
];

const DIALECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  express: {
    'src/schema.ts': SCHEMA,
    'src/guard.ts': `${EXPRESS_GUARD}
      export const checked = schema => (req, res, next) => {
        const result = schema.safeParse(req.body);
        if (!result.success) return res.status(400).end();
        next();
      };`,
    'src/reports.ts': `
      import { Router } from 'express';
      import { requireUser } from './guard.js';
      export const reports = Router();
      reports.get('/', (req, res) => res.json([]));
      reports.use(requireUser);
      reports.post('/:id', (req, res) => res.json({}));`,
    'src/app.ts': `
      import express from 'express';
      import rateLimit from 'express-rate-limit';
      import { audit } from '@example/audit';
      import { checked, requireUser } from './guard.js';
      import { reports } from './reports.js';
      import { Order } from './schema.js';
      const app = express();
      app.get('/status', (req, res) => res.send('ok'));
      app.get('/orders', requireUser, (req, res) => res.json([]));
      app.post('/orders', requireUser, checked(Order), (req, res) => res.json({}));
      app.delete('/orders/:id', audit(), (req, res) => res.json({}));
      app.post('/search', rateLimit({ limit: 10 }), (req, res) => res.json([]));
      app.use('/api/reports', reports);`,
  },
  koa: {
    'src/schema.ts': SCHEMA,
    'src/guard.ts': `
      import jwt from 'jsonwebtoken';
      export async function requireUser(ctx, next) {
        try {
          ctx.state.user = jwt.verify(ctx.get('authorization'), process.env.JWT_SECRET);
        } catch {
          ctx.throw(401);
        }
        await next();
      }
      export const checked = schema => async (ctx, next) => {
        schema.parse(ctx.request.body);
        await next();
      };`,
    'src/reports.ts': `
      import Router from '@koa/router';
      import { requireUser } from './guard.js';
      export const reports = new Router({ prefix: '/reports' });
      reports.get('/', ctx => { ctx.body = []; });
      reports.use(requireUser);
      reports.post('/:id', ctx => { ctx.body = {}; });`,
    'src/app.ts': `
      import Koa from 'koa';
      import Router from '@koa/router';
      import ratelimit from 'koa-ratelimit';
      import { audit } from '@example/audit';
      import { checked, requireUser } from './guard.js';
      import { reports } from './reports.js';
      import { Order } from './schema.js';
      const app = new Koa();
      const router = new Router();
      router.get('/status', ctx => { ctx.body = 'ok'; });
      router.get('/orders', requireUser, ctx => { ctx.body = []; });
      router.post('/orders', requireUser, checked(Order), ctx => { ctx.body = {}; });
      router.del('/orders/:id', audit(), ctx => { ctx.body = {}; });
      router.post('/search', ratelimit({ max: 10 }), ctx => { ctx.body = []; });
      router.use('/api', reports.routes());
      app.use(router.routes());`,
  },
  hono: {
    'src/schema.ts': SCHEMA,
    'src/guard.ts': `
      import { createMiddleware } from 'hono/factory';
      import jwt from 'jsonwebtoken';
      export const requireUser = createMiddleware(async (c, next) => {
        try {
          jwt.verify(c.req.header('authorization'), process.env.JWT_SECRET);
        } catch {
          return c.json({ error: 'unauthorized' }, 401);
        }
        await next();
      });`,
    'src/reports.ts': `
      import { Hono } from 'hono';
      import { requireUser } from './guard.js';
      export const reports = new Hono()
        .get('/', c => c.json([]))
        .use('/*', requireUser)
        .post('/:id', c => c.json({}));`,
    'src/app.ts': `
      import { Hono } from 'hono';
      import { rateLimiter } from 'hono-rate-limiter';
      import { zValidator } from '@hono/zod-validator';
      import { audit } from '@example/audit';
      import { requireUser } from './guard.js';
      import { reports } from './reports.js';
      import { Order } from './schema.js';
      const app = new Hono();
      app.get('/status', c => c.text('ok'));
      app.get('/orders', requireUser, c => c.json([]));
      app.post('/orders', requireUser, zValidator('json', Order), c => c.json({}));
      app.delete('/orders/:id', audit(), c => c.json({}));
      app.post('/search', rateLimiter({ limit: 10 }), c => c.json([]));
      app.route('/api/reports', reports);`,
  },
  'routing-controllers': {
    'src/guard.ts': EXPRESS_GUARD,
    'src/orders.ts': `
      import { Authorized, Body, Controller, Delete, Get, JsonController, Post, UseBefore } from 'routing-controllers';
      import rateLimit from 'express-rate-limit';
      import { audit } from '@example/audit';
      import { IsString } from 'class-validator';
      import { requireUser } from './guard.js';
      class Order {
        @IsString() item: string;
      }
      @Controller()
      export class Orders {
        @Get('/status') status() { return 'ok'; }
        @UseBefore(requireUser) @Get('/orders') list() { return []; }
        @Authorized() @Post('/orders') create(@Body() order: Order) { return order; }
        @UseBefore(audit()) @Delete('/orders/:id') remove() { return {}; }
        @UseBefore(rateLimit({ limit: 10 })) @Post('/search') search() { return []; }
      }`,
    'src/reports.ts': `
      import { Get, JsonController, Post, UseBefore } from 'routing-controllers';
      import { requireUser } from './guard.js';
      @JsonController('/api/reports')
      export class Reports {
        @Get() list() { return []; }
        @UseBefore(requireUser) @Post('/:id') publish() { return {}; }
      }`,
    'src/app.ts': `
      import express from 'express';
      import { useExpressServer } from 'routing-controllers';
      const app = express();
      useExpressServer(app, { controllers: ['src/*.ts'] });
      app.listen(3000);`,
  },
  tsoa: {
    'src/guard.ts': EXPRESS_GUARD,
    'src/orders.ts': `
      import { Body, Controller, Delete, Get, Middlewares, Post, Route, Security } from 'tsoa';
      import rateLimit from 'express-rate-limit';
      import { audit } from '@example/audit';
      import { requireUser } from './guard.js';
      interface Order { item: string }
      @Route()
      export class Orders extends Controller {
        @Get('status') public async status() { return 'ok'; }
        @Security('jwt') @Get('orders') public async list() { return []; }
        @Security('jwt') @Post('orders') public async create(@Body() order: Order) { return order; }
        @Middlewares(audit()) @Delete('orders/{id}') public async remove() { return {}; }
        @Middlewares(rateLimit({ limit: 10 })) @Post('search') public async search() { return []; }
      }`,
    'src/reports.ts': `
      import { Controller, Get, Middlewares, NoSecurity, Post, Route, Security } from '@tsoa/runtime';
      import { requireUser } from './guard.js';
      @Route('api/reports')
      @Security('jwt')
      export class Reports extends Controller {
        @Get() @NoSecurity() public async list() { return []; }
        @Post('{id}') public async publish() { return {}; }
      }`,
    'src/app.ts': `
      import express from 'express';
      import { RegisterRoutes } from '../build/routes.js';
      const app = express();
      RegisterRoutes(app);
      app.listen(3000);`,
  },
  fastify: {
    'src/guard.ts': `
      import jwt from 'jsonwebtoken';
      export async function requireUser(request, reply) {
        try {
          request.user = jwt.verify(request.headers.authorization, process.env.JWT_SECRET);
        } catch {
          return reply.code(401).send();
        }
      }`,
    'src/reports.ts': `
      import { requireUser } from './guard.js';
      export async function reports(scope) {
        scope.get('/reports', async () => []);
        scope.register(async inner => {
          inner.post('/reports/:id', async () => ({}));
          inner.addHook('onRequest', requireUser);
        });
      }`,
    'src/app.ts': `
      import fastify from 'fastify';
      import { audit } from '@example/audit';
      import { requireUser } from './guard.js';
      import { reports } from './reports.js';
      const app = fastify();
      const limit = async (request, reply) => {
        if ((await count(request.ip)) > 10) return reply.code(429).send();
      };
      const body = { type: 'object', properties: { item: { type: 'string' } } };
      app.get('/status', async () => 'ok');
      app.get('/orders', { onRequest: requireUser }, async () => []);
      app.post('/orders', { onRequest: [requireUser], schema: { body } }, async () => ({}));
      app.delete('/orders/:id', { preHandler: audit() }, async () => ({}));
      app.post('/search', { onRequest: limit }, async () => []);
      app.register(reports, { prefix: '/api' });`,
  },
  nest: {
    'src/guard.ts': `
      import { UnauthorizedException } from '@nestjs/common';
      import type { ExecutionContext } from '@nestjs/common';
      import { JwtService } from '@nestjs/jwt';
      export class UserGuard {
        constructor(private readonly jwt: JwtService) {}
        async canActivate(context: ExecutionContext) {
          const request = context.switchToHttp().getRequest();
          try {
            request.user = await this.jwt.verifyAsync(request.headers.authorization);
          } catch {
            throw new UnauthorizedException();
          }
          return true;
        }
      }`,
    'src/orders.ts': `
      import { Body, Controller, Delete, Get, Post, UseGuards } from '@nestjs/common';
      import { ThrottlerGuard } from '@nestjs/throttler';
      import { AuditGuard } from '@example/audit';
      import { IsString } from 'class-validator';
      import { UserGuard } from './guard.js';
      class Order {
        @IsString() item: string;
      }
      @Controller()
      export class OrdersController {
        @Get('status') status() { return 'ok'; }
        @UseGuards(UserGuard) @Get('orders') list() { return []; }
        @UseGuards(UserGuard) @Post('orders') create(@Body() order: Order) { return order; }
        @UseGuards(AuditGuard) @Delete('orders/:id') remove() { return {}; }
        @UseGuards(ThrottlerGuard) @Post('search') search() { return []; }
      }`,
    'src/reports.ts': `
      import { Controller, Get, Module, Post, UseGuards } from '@nestjs/common';
      import { UserGuard } from './guard.js';
      @Controller('reports')
      class ReportsController {
        @Get() list() { return []; }
        @Post(':id') @UseGuards(UserGuard) publish() { return {}; }
      }
      @Module({ controllers: [ReportsController] })
      export class ReportsModule {}`,
    'src/main.ts': `
      import { Module, ValidationPipe } from '@nestjs/common';
      import { NestFactory, RouterModule } from '@nestjs/core';
      import { OrdersController } from './orders.js';
      import { ReportsModule } from './reports.js';
      @Module({
        imports: [ReportsModule, RouterModule.register([{ path: 'api', module: ReportsModule }])],
        controllers: [OrdersController],
      })
      class AppModule {}
      async function bootstrap() {
        const app = await NestFactory.create(AppModule);
        app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
        await app.listen(3000);
      }
      bootstrap();`,
  },
  ...ONE_ARGUMENT,
  ...CONTRACT_FIRST,
  ...FILE_ROUTED,
  'inversify-express-utils': {
    'src/schema.ts': SCHEMA,
    'src/guard.ts': `
      import { BaseMiddleware } from 'inversify-express-utils';
      import jwt from 'jsonwebtoken';
      export class SignedIn extends BaseMiddleware {
        handler(req, res, next) {
          try {
            req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
          } catch {
            return res.status(401).end();
          }
          next();
        }
      }
      export const checked = schema => (req, res, next) => {
        const result = schema.safeParse(req.body);
        if (!result.success) return res.status(400).end();
        next();
      };`,
    'src/types.ts': `export const TYPES = { SignedIn: Symbol.for('SignedIn') };`,
    'src/orders.ts': `
      import rateLimit from 'express-rate-limit';
      import { controller, httpDelete, httpGet, httpPost } from 'inversify-express-utils';
      import { audit } from '@example/audit';
      import { checked } from './guard.js';
      import { Order } from './schema.js';
      import { TYPES } from './types.js';
      @controller('')
      export class Orders {
        @httpGet('/status') status() { return 'ok'; }
        @httpGet('/orders', TYPES.SignedIn) list(req, res) { return []; }
        @httpPost('/orders', TYPES.SignedIn, checked(Order)) place(req, res) { return {}; }
        @httpDelete('/orders/:id', audit()) drop(req, res) { return {}; }
        @httpPost('/search', rateLimit({ limit: 10 })) search(req, res) { return []; }
      }`,
    'src/reports.ts': `
      import { controller, httpGet, httpPost } from 'inversify-express-utils';
      import { TYPES } from './types.js';
      @controller('/api/reports')
      export class Reports {
        @httpGet('/') all(req, res) { return []; }
        @httpPost('/:id', TYPES.SignedIn) one(req, res) { return {}; }
      }`,
    'src/app.ts': `
      import { Container } from 'inversify';
      import { InversifyExpressServer } from 'inversify-express-utils';
      import express from 'express';
      import { SignedIn } from './guard.js';
      import './orders.js';
      import './reports.js';
      import { TYPES } from './types.js';
      const container = new Container();
      container.bind(TYPES.SignedIn).to(SignedIn);
      const server = new InversifyExpressServer(container);
      server.setConfig(app => { app.use(express.json()); });
      server.build().listen(3000);`,
  },
};

for (const [framework, files] of Object.entries(DIALECTS)) {
  test(`${framework} tells the story`, () => {
    const { model } = analyseTexts(new Map(Object.entries(files)));
    assert.deepEqual(model.endpoints.map(tell).sort(), STORY);
    for (const { framework: own, partial } of model.endpoints) {
      assert.equal(own, framework);
      assert.equal(partial, undefined);
    }
  });
}

function tell({ method, path, auth, validation, rateLimit }: Endpoint): string {
  return `${method} ${path} auth=${auth} validation=${validation} limit=${rateLimit}`;
}
