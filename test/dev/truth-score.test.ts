import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListedEndpoint, score } from '../../src/dev/truth-score.ts';

const get = (path: string, auth?: boolean | null): ListedEndpoint => ({
  method: 'GET',
  path,
  ...(auth === undefined ? {} : { auth }),
});
const truth = (endpoints: readonly ListedEndpoint[], over: object = {}) => ({ repo: 'o/n', endpoints, ...over });

test('spellings of one path are the same, other paths are not', () => {
  const spellings = [
    '/a/:id',
    '/a/{id}',
    '/a/[id]',
    '/a/<int:id>',
    '/a/:id(\\d+)',
    '/a/:id{[0-9]+}',
    '/a/$id',
    '/a/:id/',
  ];
  for (const path of spellings) assert.equal(score([get(path)], truth([get('/a/:other')])).recall, 1, path);
  for (const path of ['/a', '/a/b', '/A/:id', '/a/:id/b']) {
    const { recall, precision } = score([get(path)], truth([get('/a/:id')]));
    assert.deepEqual([recall, precision], [0, 0], path);
  }
  for (const path of ['/f/*', '/f/[...rest]', '/f/*name', '/f/:rest*'])
    assert.equal(score([get(path)], truth([get('/f/(.*)')])).recall, 1, path);
});

test('an optional last parameter may be left out, and ALL meets every method', () => {
  assert.equal(score([get('/a/:id?')], truth([get('/a')])).recall, 1);
  assert.equal(score([{ method: 'ALL', path: '/a' }], truth([get('/a'), { method: 'POST', path: '/a' }])).recall, 1);
  assert.equal(score([{ method: 'POST', path: '/a' }], truth([get('/a')])).recall, 0);
});

test('precision looks at the scope, not at methods that frameworks add', () => {
  const listed = [get('/api/a'), get('/api/b'), get('/web'), { method: 'HEAD', path: '/api/a' }];
  const own = score(listed, truth([get('/api/a')], { scopePrefixes: ['/api'] }));
  assert.equal(own.precision, 0.5);
  assert.deepEqual(own.extra, ['GET /api/b']);
  assert.equal(score(listed, truth([get('/api/a')], { complete: false })).precision, undefined);
});

test('auth is compared where both sides know it', () => {
  const own = score(
    [get('/a', true), get('/b', false), get('/c', null), get('/d', true)],
    truth([get('/a', true), get('/b', true), get('/c', true), get('/d', false)]),
  );
  assert.deepEqual(own.auth, { compared: 3, agreement: 1 / 3 });
  assert.deepEqual(own.calledOpen, ['GET /b']);
  assert.deepEqual(own.calledGuarded, ['GET /d']);
});

test('what is optional in the truth is never missed', () => {
  const own = score([], truth([{ ...get('/a'), optional: true }, get('/b')]));
  assert.deepEqual([own.truth, own.missed], [1, ['GET /b']]);
});
