import assert from 'node:assert/strict';
import test from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

test('a guard that lets a method pass is no guard for it', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/app.ts',
        `import express from 'express';
         import jwt from 'jsonwebtoken';
         const app = express();
         app.use((req, res, next) => {
           if (['GET', 'HEAD'].includes(req.method) || req.method === 'OPTIONS') return next();
           try {
             req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
           } catch {
             return res.status(401).end();
           }
           next();
         });
         app.get('/posts', (req, res) => res.json([]));
         app.post('/posts', (req, res) => res.json({}));`,
      ],
      [
        'src/edge.ts',
        `import { Hono } from 'hono';
         import { basicAuth } from 'hono/basic-auth';
         export const edge = new Hono();
         edge.use('/items/*', async (c, next) => {
           if (c.req.method !== 'GET') {
             const auth = basicAuth({ username: c.env.USERNAME, password: c.env.PASSWORD });
             return auth(c, next);
           } else {
             await next();
           }
         });
         edge.get('/items/:id', c => c.json({}));
         edge.put('/items/:id', c => c.json({}));`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ method, path, auth }) => `${method} ${path} ${auth}`),
    ['GET /posts no', 'POST /posts yes', 'GET /items/:id no', 'PUT /items/:id yes'],
  );
});

test('steps of a mounted router stand before what is mounted after it on the same path', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/app.ts',
        `import express, { Router } from 'express';
         import jwt from 'jsonwebtoken';
         const app = express();
         const guards = Router();
         guards.use('/posts', (req, res, next) => {
           try {
             req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
           } catch {
             return res.status(401).end();
           }
           next();
         });
         const api = Router();
         api.get('/posts', (req, res) => res.json([]));
         api.get('/news', (req, res) => res.json([]));
         app.use('/api', guards);
         app.use('/api', api);`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ path, auth }) => `${path} ${auth}`),
    ['/api/posts yes', '/api/news no'],
  );
});
