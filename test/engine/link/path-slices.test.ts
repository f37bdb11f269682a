import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function verdicts(guard: string, framework: 'express' | 'fastify' = 'express'): Record<string, string> {
  const paths = ['/login', '/login/:provider', '/public/:file', '/orders', '/:tenant'];
  const app =
    framework === 'express'
      ? `import express from 'express';
         const app = express();
         app.use((req, res, next) => { ${guard} if (!req.session.user) return res.status(401).end(); next(); });
         ${paths.map(path => `app.get('${path}', (req, res) => res.json({}));`).join('\n')}`
      : `import fastify from 'fastify';
         const app = fastify();
         app.addHook('onRequest', async (request, reply) => {
           ${guard}
           if (!request.session.user) return reply.code(401).send();
         });
         ${paths.map(path => `app.get('${path}', async () => ({}));`).join('\n')}`;
  const { model } = analyseTexts(new Map([['app.ts', `const OPEN = ['/login', '/orders'];\n${app}`]]));
  return Object.fromEntries(model.endpoints.map(one => [one.path, one.auth]));
}

suite('a guard that lets some paths by', () => {
  test('is no guard for routes at those paths', () => {
    assert.deepEqual(verdicts("if (req.path.startsWith('/login') || req.path === '/orders') return next();"), {
      '/login': 'no',
      '/login/:provider': 'no',
      '/public/:file': 'yes',
      '/orders': 'no',
      '/:tenant': 'yes',
    });
  });

  test('may keep a list of them, or name the one part it is for', () => {
    assert.deepEqual(verdicts('if (OPEN.includes(request.url)) return;', 'fastify'), {
      '/login': 'no',
      '/login/:provider': 'yes',
      '/public/:file': 'yes',
      '/orders': 'no',
      '/:tenant': 'yes',
    });
    assert.deepEqual(verdicts("const { path } = req; if (!path.startsWith('/orders')) return next();"), {
      '/login': 'no',
      '/login/:provider': 'no',
      '/public/:file': 'no',
      '/orders': 'yes',
      '/:tenant': 'yes',
    });
  });

  test('stays one where what it compares with is not known', () => {
    assert.equal(verdicts('if (config.open.includes(req.path)) return next();')['/login'], 'yes');
  });
});
