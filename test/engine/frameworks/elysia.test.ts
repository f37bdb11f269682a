import assert from 'node:assert/strict';
import test from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const GUARD = `
  import { Elysia } from 'elysia';
  import jwt from 'jsonwebtoken';
  const check = ({ headers, status }) => {
    try {
      jwt.verify(headers.authorization, process.env.JWT_SECRET);
    } catch {
      return status(401);
    }
  };
  export const local = new Elysia().onBeforeHandle(check);
  export const scoped = new Elysia().onBeforeHandle({ as: 'scoped' }, check);
  export const lifted = new Elysia().onBeforeHandle(check).as('global');`;

function guarded(plugin: string, version: string): string | undefined {
  const { model } = analyseTexts(
    new Map([
      ['package.json', JSON.stringify({ name: 'app', dependencies: { elysia: version } })],
      ['src/guard.ts', GUARD],
      [
        'src/app.ts',
        `import { Elysia } from 'elysia';
         import * as guards from './guard.js';
         new Elysia().use(guards.${plugin}).get('/orders', () => []).listen(3000);`,
      ],
    ]),
  );
  return model.endpoints.find(({ path }) => path === '/orders')?.auth;
}

test('a hook of a plugin holds for the plugin alone, unless it is lifted', () => {
  assert.equal(guarded('local', '1.4.0'), 'no');
  assert.equal(guarded('scoped', '1.4.0'), 'yes');
  assert.equal(guarded('lifted', '1.4.0'), 'yes');
});

test('before version 1 every hook of a plugin held for what uses it', () => {
  assert.equal(guarded('local', '0.8.17'), 'yes');
});

test('a macro of the project may do anything', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/app.ts',
        `import { Elysia } from 'elysia';
         import { auth } from './macros';
         new Elysia().use(auth).get('/orders', () => [], { signedIn: true }).get('/open', () => []).listen(3000);`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ path, auth }) => `${path} ${auth}`),
    ['/orders unknown', '/open unknown'],
  );
});
