import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)));
  return model.endpoints
    .map(one => `${one.method} ${one.path} auth=${one.auth} limit=${one.rateLimit}${one.partial ? ' partial' : ''}`)
    .sort();
}

suite('applications that nobody was seen to start', () => {
  test('are there, mounted where the outermost of them puts them', () => {
    assert.deepEqual(
      routes({
        'src/api.ts': `
          import Koa from 'koa';
          import Router from '@koa/router';
          const createRouters = tenant => {
            const router = new Router();
            router.get('/items', ctx => { ctx.body = tenant.items; });
            return [router];
          };
          export const initApi = tenant => {
            const app = new Koa();
            for (const router of createRouters(tenant)) app.use(router.routes()).use(router.allowedMethods());
            return app;
          };`,
        'src/tenant.ts': `
          import Koa from 'koa';
          import mount from 'koa-mount';
          import { initApi } from './api.js';
          export class Tenant {
            constructor(public readonly id: string) {
              this.app = new Koa();
              this.app.use(async (ctx, next) => {
                if (!ctx.session.user) ctx.throw(401);
                await next();
              });
              this.app.use(mount('/api', initApi(this)));
            }
            get run() {
              return mount('/' + this.id, this.app);
            }
          }`,
      }),
      ['GET /api/items auth=yes limit=no'],
    );
  });

  test('are not made of what tests build, nor of what was started', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import express from 'express';
          export function build(prefix) {
            const app = express();
            app.get(prefix + '/items', (req, res) => res.json([]));
            return app;
          }
          build('/v1').listen(3000);`,
        'test/fake.test.ts': `
          import express from 'express';
          export function fake() {
            const app = express();
            app.get('/fake', (req, res) => res.json([]));
            return app;
          }`,
      }),
      ['GET /v1/items auth=no limit=no'],
    );
  });
});

suite('a step that waits for what comes after it', () => {
  test('keeps nobody out by what it does with the answer', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import Koa from 'koa';
          import Router from '@koa/router';
          const app = new Koa();
          const router = new Router();
          app.use(async (ctx, next) => {
            try {
              await next();
            } catch (error) {
              if (error.code === 'busy') ctx.throw(429);
              if (!ctx.session.user) ctx.throw(401);
              throw error;
            }
          });
          app.use(async (ctx, next) => {
            await next();
            if (ctx.status === 403 && ctx.session.user) ctx.throw(403);
          });
          router.get('/items', ctx => { ctx.body = []; });
          app.use(router.routes());`,
      }),
      ['GET /items auth=no limit=no'],
    );
  });

  test('is a guard where going on stands among what may fail', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import Koa from 'koa';
          import Router from '@koa/router';
          import jwt from 'jsonwebtoken';
          const app = new Koa();
          const router = new Router();
          app.use(async (ctx, next) => {
            try {
              ctx.state.user = jwt.verify(ctx.get('authorization'), process.env.JWT_SECRET);
              await next();
            } catch {
              ctx.throw(401);
            }
          });
          router.get('/items', ctx => { ctx.body = []; });
          app.use(router.routes());`,
      }),
      ['GET /items auth=yes limit=no'],
    );
  });
});

suite('a map of routes', () => {
  test('is gone over like a list', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import express from 'express';
          import lusca from 'lusca';
          const app = express();
          app.use(lusca.xframe('DENY'));
          const files = new Map([['/js/a.js', 'a.js'], ['/js/b.js', 'b.js']]);
          for (const [path, file] of files) app.get(path, (req, res) => res.sendFile(file));`,
      }),
      ['GET /js/a.js auth=no limit=no', 'GET /js/b.js auth=no limit=no'],
    );
  });

  test('tests try applications out and serve nothing', () => {
    assert.deepEqual(
      routes({
        'src/app.ts': `
          import express from 'express';
          export function build(options) {
            const app = express();
            const base = options.base || '';
            app.use(\`\${base}/api\`, (req, res, next) => req.headers.authorization ? next() : res.status(401).end());
            app.get(\`\${base}/api/items\`, (req, res) => res.json([]));
            return app;
          }`,
        'src/server.ts': `
          import { build } from './app.js';
          import { options } from './options.js';
          build(options).listen(3000);`,
        'src/app.test.ts': `
          import express from 'express';
          import { build } from './app.js';
          describe('the application', () => {
            beforeAll(() => {
              const app = build({ base: '/tried' });
              app.get('/helper', (req, res) => res.send('x'));
            });
          });`,
      }),
      ['GET /api/items auth=yes limit=no'],
    );
  });
});
