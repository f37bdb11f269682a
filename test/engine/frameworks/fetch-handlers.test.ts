import assert from 'node:assert/strict';
import test from 'node:test';
import type { Endpoint } from '../../../src/engine/link/endpoint.ts';
import { analyseTexts } from '../../harness/workspace.ts';

/** One function that tells requests apart by itself, written in the ways people write it. */
const STORY = ['DELETE /orders/:1 yes', 'GET /orders no', 'GET /status no', 'POST /orders yes'];

const NODE_GUARD = `
  import jwt from 'jsonwebtoken';
  const signedIn = req => {
    try {
      return jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
    } catch {
      return undefined;
    }
  };`;

const DIALECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'node-http': {
    'src/server.ts': `
      import { createServer } from 'node:http';
      ${NODE_GUARD}
      createServer((req, res) => {
        if (req.url === '/status' && req.method === 'GET') return res.end('ok');
        const { pathname } = new URL(req.url, 'http://localhost');
        if (req.method === 'GET' && pathname === '/orders') {
          res.end('[]');
        } else if (pathname === '/orders') {
          if (req.method !== 'POST') return res.writeHead(405).end();
          if (!jwt.verify(req.headers.authorization, process.env.JWT_SECRET)) return res.writeHead(401).end();
          res.end('{}');
        } else if (req.method === 'DELETE' && /^\\/orders\\/(\\d+)$/.test(pathname)) {
          jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
          res.end();
        } else res.writeHead(404).end();
      }).listen(3000);`,
  },
  worker: {
    'wrangler.toml': `name = "shop"\nmain = "src/worker.ts"\ncompatibility_date = "2026-01-01"\n`,
    'src/worker.ts': `
      import jwt from 'jsonwebtoken';
      export default {
        async fetch(request, env) {
          const url = new URL(request.url);
          switch (url.pathname) {
            case '/status':
              if (request.method === 'GET') return new Response('ok');
              break;
            case '/orders':
              if (request.method === 'GET') return Response.json([]);
              if (request.method === 'POST') {
                jwt.verify(request.headers.get('authorization'), env.SECRET);
                return Response.json({});
              }
          }
          if (url.pathname.match(/^\\/orders\\/([^/]+)$/) && request.method === 'DELETE') {
            jwt.verify(request.headers.get('authorization'), env.SECRET);
            return new Response(null);
          }
          return new Response('not found', { status: 404 });
        },
      };`,
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

test('files of Pages functions answer where they stand', () => {
  const { model } = analyseTexts(
    new Map([
      ['functions/index.ts', `export const onRequest = () => new Response('home');`],
      [
        'functions/api/orders/[id].ts',
        `export async function onRequestGet({ params }) { return Response.json(params.id); }`,
      ],
      [
        'functions/files/[[path]].ts',
        `export const onRequestPost = [context => context.next(), () => new Response('')];`,
      ],
      ['functions/admin/_middleware.ts', `export const onRequest = context => context.next();`],
      ['functions/admin/users.ts', `export const onRequestGet = () => Response.json([]);`],
    ]),
  );
  assert.deepEqual(model.endpoints.map(({ method, path, partial }) => [method, path, partial]).sort(), [
    ['ALL', '/', undefined],
    ['GET', '/admin/users', 'middleware of its folder runs before it'],
    ['GET', '/api/orders/:id', undefined],
    ['POST', '/files/*path', undefined],
  ]);
});

test('a function whose paths cannot be followed is partial, one that hands on to a router is none', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/server.ts',
        `import { createServer } from 'node:http';
         const table = new Map();
         createServer((req, res) => {
           const found = table.get(req.url);
           found();
         }).listen(1);`,
      ],
      [
        'src/app.ts',
        `import { createServer } from 'node:http';
         import express from 'express';
         const app = express();
         app.get('/a', (req, res) => res.end());
         createServer((req, res) => app(req, res)).listen(2);`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ path, framework, partial }) => [path, framework, partial]),
    [
      ['/a', 'express', undefined],
      ['/*', 'node-http', 'no condition on a path could be followed'],
    ],
  );
});

function tell({ method, path, auth }: Endpoint): string {
  return `${method} ${path} ${auth}`;
}
