import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)));
  return model.endpoints
    .map(one => `${one.method} ${one.path} auth=${one.auth} limit=${one.rateLimit}${one.partial ? ' partial' : ''}`)
    .sort();
}

const GUARDS = `
  const fp = require('fastify-plugin');
  module.exports = fp(async app => {
    function needs(scope) {
      return async (request, reply) => {
        if (!request.session.user) return reply.code(401).send();
      };
    }
    app.decorate('needs', needs);
    app.decorate('signedIn', needs('any'));
  });`;

suite('scopes of Fastify', () => {
  test('call what plugins decorated them with, from files that nobody requires', () => {
    assert.deepEqual(
      routes({
        'package.json': '{ "name": "x", "dependencies": { "fastify": "5.0.0" } }',
        'guards.js': GUARDS,
        'items.js': `
          module.exports = async app => {
            app.get('/', { preHandler: app.needs('items:read') }, async () => []);
            app.post('/', async () => ({}));
          };`,
        'server.js': `
          const fastify = require('fastify');
          module.exports = async options => {
            const app = fastify();
            await app.register(require('./guards'));
            await app.register(require('./items'), { prefix: '/items' });
            return app;
          };`,
      }),
      ['GET /items auth=yes limit=no', 'POST /items auth=no limit=no'],
    );
  });

  test('are shared by what fastify-plugin wraps, whose prefix is ignored', () => {
    assert.deepEqual(
      routes({
        'guards.js': GUARDS,
        'orders.js': `
          const fp = require('fastify-plugin');
          module.exports = fp(async app => {
            app.addHook('onRequest', app.signedIn);
            app.get('/orders', async () => []);
          });`,
        'server.js': `
          const fastify = require('fastify');
          const app = fastify();
          app.register(require('./guards'));
          app.register(require('./orders'), { prefix: '/v1' });
          app.register(async scope => { scope.get('/reports', async () => []); }, { prefix: '/v1' });
          app.listen({ port: 3000 });`,
      }),
      ['GET /orders auth=yes limit=no', 'GET /v1/reports auth=yes limit=no'],
    );
  });

  test('that are there under a condition have their hooks under the same', () => {
    assert.deepEqual(
      routes({
        'guards.js': GUARDS,
        'server.js': `
          const fastify = require('fastify');
          const app = fastify();
          app.register(require('./guards'));
          if (process.env.LIMITED) app.register(require('@fastify/rate-limit'), { max: 10 });
          if (process.env.LICENSED)
            app.register(async scope => {
              scope.addHook('onRequest', scope.signedIn);
              scope.get('/licensed', async () => []);
            });
          app.get('/open', async () => []);`,
      }),
      ['GET /licensed auth=yes limit=unknown', 'GET /open auth=no limit=unknown'],
    );
  });

  test('tell of the routes that a plugin of a package brings below its prefix', () => {
    assert.deepEqual(
      routes({
        'server.js': `
          const fastify = require('fastify');
          const app = fastify();
          app.register(require('@example/sign-in'), { prefix: '/auth' });
          app.register(require('@fastify/cookie'), { prefix: '/' });
          app.register(require('@fastify/swagger'), { prefix: '/docs' });
          app.get('/open', async () => []);
          app.listen({ port: 3000 });`,
      }),
      ['ALL /auth/* auth=unknown limit=unknown partial', 'GET /open auth=unknown limit=unknown'],
    );
  });

  test('begin at the plugin that a script starts with the command line', () => {
    assert.deepEqual(
      routes({
        'package.json': `{ "name": "x", "scripts": { "start": "npm run build && fastify start -l info dist/app.js" },
          "dependencies": { "fastify": "5.0.0", "fastify-cli": "7.0.0" } }`,
        'src/plugins/guards.ts': GUARDS,
        'src/routes/orders/index.ts': `
          export default async app => {
            app.addHook('onRequest', app.signedIn);
            app.get('/', async () => []);
          };`,
        'src/routes/root.ts': `export default async app => { app.get('/about', async () => ({})); };`,
        'src/app.ts': `
          import AutoLoad from '@fastify/autoload';
          import { join } from 'node:path';
          const app = async (fastify, options) => {
            fastify.register(AutoLoad, { dir: join(__dirname, 'plugins'), options });
            fastify.register(AutoLoad, { dir: join(__dirname, 'routes'), options });
          };
          export default app;`,
      }),
      ['GET /about auth=no limit=no', 'GET /orders auth=yes limit=no'],
    );
  });

  test('limit what the limiter and the routes say: all but some, or none but some', () => {
    const files = (options: string): Record<string, string> => ({
      'server.js': `
        const fastify = require('fastify');
        const app = fastify();
        app.register(require('@fastify/rate-limit'), ${options});
        app.register(async scope => {
          scope.get('/plain', async () => []);
          scope.get('/off', { config: { rateLimit: false } }, async () => []);
          scope.get('/own', { config: { rateLimit: { max: 3 } } }, async () => []);
          scope.get('/hook', { onRequest: scope.rateLimit() }, async () => []);
        });`,
    });
    assert.deepEqual(routes(files('{ max: 10 }')), [
      'GET /hook auth=no limit=yes',
      'GET /off auth=no limit=no',
      'GET /own auth=no limit=yes',
      'GET /plain auth=no limit=yes',
    ]);
    assert.deepEqual(routes(files('{ global: false }')), [
      'GET /hook auth=no limit=yes',
      'GET /off auth=no limit=no',
      'GET /own auth=no limit=yes',
      'GET /plain auth=no limit=no',
    ]);
  });

  test('take one guard of several that are joined, unless all have to let the request pass', () => {
    assert.deepEqual(
      routes({
        'server.js': `
          const fastify = require('fastify');
          const jwt = require('jsonwebtoken');
          const app = fastify();
          app.register(require('@fastify/auth'));
          const byToken = async request => { jwt.verify(request.headers.authorization, process.env.KEY); };
          const byCookie = async request => { jwt.verify(request.cookies.session, process.env.KEY); };
          const busy = async (request, reply) => { if (queue.length > 9) return reply.code(503).send(); };
          app.after(() => {
            app.get('/any', { preHandler: app.auth([byToken, byCookie]) }, async () => []);
            app.get('/gap', { preHandler: app.auth([byToken, busy]) }, async () => []);
            app.get('/all', { preHandler: app.auth([byToken, busy], { relation: 'and' }) }, async () => []);
          });`,
      }),
      ['GET /all auth=yes limit=no', 'GET /any auth=yes limit=no', 'GET /gap auth=unknown limit=unknown'],
    );
  });
});
