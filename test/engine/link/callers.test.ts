import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function verdicts(server: string): string[] {
  const text = `import express from 'express';
    import jwt from 'jsonwebtoken';
    import pg from 'pg';
    const app = express();
    const pool = new pg.Pool();
    ${server}
    app.listen(3000);`;
  const { model } = analyseTexts(new Map([['server.ts', text]]), { rules: [] });
  return model.endpoints.map(one => `${one.method} ${one.path} ${one.auth}`).sort();
}

const READS = `
  function readToken(req) {
    try {
      return jwt.verify(req.headers.authorization, process.env.KEY);
    } catch {
      return undefined;
    }
  }`;

suite('who is asked for', () => {
  test('is what the project itself puts onto the request', () => {
    assert.deepEqual(
      verdicts(`${READS}
        app.use((req, res, next) => {
          req.member = readToken(req);
          next();
        });
        const needsMember = (req, res, next) => {
          if (!req.member) return res.status(401).end();
          next();
        };
        app.get('/mine', needsMember, (req, res) => res.json([]));
        app.get('/yours', (req, res) => {
          if (req.member === undefined) return res.status(401).end();
          res.json([]);
        });
        app.get('/ours', (req, res) => {
          if (!req.member?.isAdminOf(req.query.team)) return res.status(403).end();
          res.json([]);
        });
        app.get('/open', (req, res) => res.json([]));`),
      ['GET /mine yes', 'GET /open no', 'GET /ours yes', 'GET /yours yes'],
    );
  });

  test('is not asked for where a request without it goes on', () => {
    assert.deepEqual(
      verdicts(`${READS}
        app.use((req, res, next) => {
          req.claims = readToken(req);
          if (!req.claims) return next();
          if (req.claims.scope === 'reset') return res.status(401).end();
          next();
        });
        app.use((req, res, next) => {
          const key = req.get('Api-Key') || req.query.key;
          if (key) {
            if (key !== process.env.API_KEY) return res.status(401).end();
            next();
          } else next();
        });
        app.use((req, res, next) => {
          const { authorization } = req.headers;
          if (authorization) {
            const payload = readToken(req);
            if (!payload) return res.status(401).end();
            return next();
          }
          const logger = pool.child({ userId: req.user?.id });
          logger.info('anonymous');
          next();
        });
        app.get('/orders', (req, res) => res.json([]));`),
      ['GET /orders no'],
    );
  });

  test('is told by a helper that makes a session of a token, or nothing', () => {
    assert.deepEqual(
      verdicts(`
        async function sessionOf(token) {
          try {
            const payload = jwt.verify(token, process.env.KEY);
            return { user: { id: payload.sub, email: payload.email } };
          } catch {
            return null;
          }
        }
        app.post('/grants', async (req, res) => {
          const session = await sessionOf(req.headers.authorization);
          if (!session) throw new UnauthorizedError();
          try {
            const before = await pool.query('select 1 from grants where owner = $1', [session.user.id]);
            if (!before) await notify(session.user.email);
          } catch (error) {
            console.error(error);
          }
          res.json({});
        });
        app.post('/visits', async (req, res) => {
          const session = await sessionOf(req.headers.authorization);
          if (session) await remember(session.user.id);
          res.json({});
        });`),
      ['POST /grants yes', 'POST /visits no'],
    );
  });

  test('is no caller whose password was refused before anybody looked', () => {
    assert.deepEqual(
      verdicts(`
        app.post('/enter', async (req, res, next) => {
          const user = await find(req.body.email);
          if (!user || !(await user.matches(req.body.password))) return next({ status: 403 });
          if (user && req.session) req.session.userId = user.id;
          res.json(user);
        });`),
      ['POST /enter unknown'],
    );
  });

  test('is sent elsewhere without one', () => {
    const { model } = analyseTexts(
      new Map([
        ['package.json', '{ "name": "web", "dependencies": { "next": "16.0.0", "next-auth": "4.24.0" } }'],
        [
          'app/api/reconnect/route.ts',
          `import { getServerSession } from 'next-auth';
           import { NextResponse } from 'next/server';
           export async function GET(request: Request) {
             const session = await getServerSession();
             if (!session) return NextResponse.redirect(new URL('/', request.url));
             return NextResponse.json({});
           }`,
        ],
      ]),
      { rules: [] },
    );
    assert.deepEqual(
      model.endpoints.map(one => `${one.method} ${one.path} ${one.auth}`),
      ['GET /api/reconnect yes'],
    );
  });

  test('leaves unknown what a step asks that answers 401 for a reason nobody sees', () => {
    assert.deepEqual(
      verdicts(`
        app.use('/guarded', async (req, res, next) => {
          const caller = await lookUp();
          if (!caller) return res.status(401).end();
          next();
        });
        app.get('/guarded/orders', (req, res) => res.json([]));
        app.get('/orders', (req, res) => res.json([]));`),
      ['GET /guarded/orders unknown', 'GET /orders no'],
    );
  });
});
