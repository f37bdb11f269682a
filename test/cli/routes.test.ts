import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routesAt } from '../../src/cli/route-match.ts';
import type { RouteInfo } from '../../src/session/api.ts';
import { createSession } from '../../src/session/session.ts';
import { folderWith, runIn } from '../harness/cli.ts';

const APP = `import express from 'express';
import jwt from 'jsonwebtoken';

function requireUser(req, res, next) {
  const token = req.headers.authorization;
  if (!token) return res.status(401).end();
  req.user = jwt.verify(token, process.env.JWT_SECRET);
  next();
}

const app = express();
app.get('/orders/:id', requireUser, (req, res) => res.json({ id: req.params.id }));
app.post('/orders', requireUser, (req, res) => res.json(req.body));
app.listen(3000);
`;
const FILES = {
  'package.json':
    '{ "name": "shop", "type": "module", "dependencies": { "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }',
  'src/app.js': APP,
};

const real = { create: (root: string) => createSession({ root }) };

function git(root: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd: root,
    stdio: 'ignore',
  });
}

test('--why shows the places one route was judged by, for its pattern or a path it answers', async t => {
  const root = folderWith(t, FILES);
  for (const path of ['/orders/:id', '/orders/{id}', '/orders/42']) {
    const { code, out } = await runIn(root, ['routes', '--why', 'get', path], real);
    assert.equal(code, 0);
    assert.match(out, /^GET \/orders\/:id {2}src\/app\.js:12:\d+\n/);
    assert.match(out, /requireUser checks who is calling {2}\[authentication\]/);
    assert.match(out, /- verifies it {2}src\/app\.js:7:\d+/);
  }
  const inFolder = await runIn(root, ['routes', '--why', 'POST /orders', '--format', 'json'], real);
  assert.equal(JSON.parse(inFolder.out).endpoints.length, 1);
});

test('--why names what there is when the route is unknown', async t => {
  const root = folderWith(t, FILES);
  const { code, err } = await runIn(root, ['routes', '--why', 'DELETE', '/orders'], real);
  assert.equal(code, 2);
  assert.match(err, /No route DELETE \/orders was found\. There is POST \/orders\./);
  assert.equal((await runIn(root, ['routes', '--why', 'GET'], real)).code, 2);
});

test('--diff compares with the point where the branch began and leaves the repository alone', async t => {
  const root = folderWith(t, FILES);
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'first');
  const changed = APP.replace("app.post('/orders', requireUser, ", "app.post('/orders', ").replace(
    'app.listen',
    "app.get('/stock', requireUser, (req, res) => res.json([]));\napp.listen",
  );
  writeFileSync(join(root, 'src/app.js'), changed);
  const { code, out } = await runIn(root, ['routes', '--diff', 'main'], real);
  assert.equal(code, 0);
  assert.match(out, /^Opened 1 route, added 1 route\.\n/);
  assert.match(out, /^opened +POST +\/orders +yes → no +src\/app\.js:13$/m);
  const asJson = await runIn(root, ['routes', '--diff', 'main', '--format', 'json'], real);
  const { changes } = JSON.parse(asJson.out) as { changes: { kind: string; before: { auth: boolean } | null }[] };
  assert.deepEqual(
    changes.map(({ kind, before }) => [kind, before?.auth ?? null]),
    [
      ['opened', true],
      ['added', null],
    ],
  );
  const unknown = await runIn(root, ['routes', '--diff', 'nowhere'], real);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /git does not know the revision "nowhere"/);
});

test('a path is matched as written before it is matched as a request', () => {
  const routes = ['/users/:id', '/users/me', '/files/*'].map(path => ({ method: 'GET', path }) as RouteInfo);
  const paths = (path: string): string[] => routesAt(routes, 'GET', path).map(route => route.path);
  assert.deepEqual(paths('/users/me'), ['/users/me']);
  assert.deepEqual(paths('/users/[name]'), ['/users/:id']);
  assert.deepEqual(paths('/users/7'), ['/users/:id']);
  assert.deepEqual(paths('/files/a/b'), ['/files/*']);
  assert.deepEqual(paths('/users'), []);
});
