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
});
