import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function verdicts(guard: string, framework: 'express' | 'fastify' = 'express', more = ''): Record<string, string> {
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
  const { model } = analyseTexts(new Map([['app.ts', `const OPEN = ['/login', '/orders'];\n${more}\n${app}`]]));
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

  const LOGIN_ONLY = {
    '/login': 'no',
    '/login/:provider': 'yes',
    '/public/:file': 'yes',
    '/orders': 'yes',
    '/:tenant': 'yes',
  };

  test('may leave the question to helpers, which answer with an object', () => {
    const open = `
      function isOpen(req) {
        if (req.method === 'GET') {
          if (req.url === '/login' || SET.has(req.url)) return { passes: true };
        } else if (req.url.startsWith('/orders')) return { passes: true };
        return { passes: false };
      }
      async function check(req) {
        if (req.headers.upgrade?.toLowerCase() === 'websocket') return checkSocket(req);
        const answer = isOpen(req);
        if (answer.passes) return answer;
        return { passes: req.headers.authorization === process.env.KEY };
      }`;
    const hook = `
      try {
        const { passes } = await check(request);
        if (passes) return;
      } catch (error) {
        request.log.warn(error);
      }
      return reply.code(401).send();`;
    assert.deepEqual(verdicts(hook, 'fastify', `const SET = new Set(['/health']);${open}`), LOGIN_ONLY);
  });

  test('may hand the path on, or go over a list', () => {
    const open = "const isOpen = path => ['/login', '/health'].some(one => path === one);";
    assert.deepEqual(verdicts('if (isOpen(req.path)) return next();', 'express', open), LOGIN_ONLY);
    assert.deepEqual(verdicts("if (OPEN.some(one => one !== '/orders' && one === req.path)) return next();"), {
      ...LOGIN_ONLY,
      '/login': 'yes',
    });
  });

  test('stays one where the helper asks for more than the path', () => {
    const open = "const isOpen = req => req.path === '/login' && req.headers.authorization === process.env.KEY;";
    assert.equal(verdicts('if (isOpen(req)) return next();', 'express', open)['/login'], 'yes');
    const later = "async function isOpen(req) { await verify(req); return req.path === '/login'; }";
    assert.equal(verdicts('if (await isOpen(req)) return next();', 'express', later)['/login'], 'yes');
  });
});
