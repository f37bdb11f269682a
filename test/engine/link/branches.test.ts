import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)), { rules: [] });
  return model.endpoints
    .map(one => `${one.method} ${one.path} auth=${one.auth} limit=${one.rateLimit} validation=${one.validation}`)
    .sort();
}

const GUARD = `
  import jwt from 'jsonwebtoken';
  export function needsToken(req, res, next) {
    try {
      jwt.verify(req.headers.authorization, process.env.KEY);
      next();
    } catch {
      res.status(401).end();
    }
  }`;

suite('branches that may not run', () => {
  test('say nothing of what an application has that is built in them', () => {
    assert.deepEqual(
      routes({
        'guard.ts': GUARD,
        'server.ts': `
          import express from 'express';
          import { needsToken } from './guard.ts';
          export function start() {
            const app = express();
            app.use(needsToken);
            app.get('/orders', (req, res) => res.json([]));
            app.listen(3000);
          }`,
        'main.ts': `
          import { start } from './server.ts';
          import { work } from './worker.ts';
          if (process.env.MODE === 'worker') work();
          else start();`,
        'worker.ts': 'export function work() {}',
      }),
      ['GET /orders auth=yes limit=no validation=no'],
    );
  });

  test('leave open whether a guard stands before the routes of an application that is there anyway', () => {
    assert.deepEqual(
      routes({
        'guard.ts': GUARD,
        'server.ts': `
          import express from 'express';
          import { needsToken } from './guard.ts';
          const app = express();
          if (process.env.LOCKED) app.use(needsToken);
          app.get('/orders', (req, res) => res.json([]));
          app.listen(3000);`,
      }),
      ['GET /orders auth=unknown limit=no validation=no'],
    );
  });

  test('leave nothing open but what the step in them does', () => {
    assert.deepEqual(
      routes({
        'server.ts': `
          import express from 'express';
          import csurf from 'csurf';
          import { rateLimit } from 'express-rate-limit';
          const app = express();
          if (process.env.FORMS) app.use(csurf({ cookie: true }));
          if (process.env.LIMITED) app.use(rateLimit({ limit: 10 }));
          app.get('/orders', (req, res) => res.json([]));
          app.listen(3000);`,
      }),
      ['GET /orders auth=no limit=unknown validation=no'],
    );
  });

  test('bring a router together with the guard it is mounted behind', () => {
    assert.deepEqual(
      routes({
        'guard.ts': GUARD,
        'server.ts': `
          import express from 'express';
          import { needsToken } from './guard.ts';
          const app = express();
          const admin = express.Router();
          admin.get('/users', (req, res) => res.json([]));
          if (process.env.ADMIN) app.use('/admin', needsToken, admin);
          app.get('/open', (req, res) => res.json([]));
          app.listen(3000);`,
      }),
      ['GET /admin/users auth=yes limit=no validation=no', 'GET /open auth=no limit=no validation=no'],
    );
  });
});
