import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeFinder } from '../../src/report/input.ts';
import { filesOfRoutes, renderRoutesJson, renderRoutesTable } from '../../src/report/routes.ts';
import { renderOpenapi } from '../../src/report/routes-openapi.ts';
import type { RouteInfo } from '../../src/session/api.ts';
import { spanOf } from '../harness/finding.ts';
import { TEXTS } from '../harness/report.ts';

const placeOf = placeFinder(file => TEXTS[file]);
const span = spanOf('src/app.ts', TEXTS['src/app.ts'] ?? '', 'app.post');

function route(method: string, path: string, over: Partial<RouteInfo> = {}): RouteInfo {
  return {
    id: `${method} ${path}`,
    method,
    path,
    framework: 'express',
    unit: '',
    span,
    verdicts: { auth: 'no', authorization: 'unknown', validation: 'yes', rateLimit: 'no' },
    proof: [{ aspect: 'auth', span, message: 'No guard on the way.' }],
    ...over,
  };
}

test('the table tells what is known', () => {
  const text = renderRoutesTable(
    [
      route('POST', '/orders'),
      route('GET', '/health', { isPublic: 'health check' }),
      route('GET', '?/x', { partial: 'mount unknown' }),
    ],
    placeOf,
  );
  assert.equal(
    text,
    [
      'METHOD  PATH     AUTH    ROLE  INPUT  LIMIT  FRAMEWORK  PLACE',
      'POST    /orders  no      ?     yes    no     express    src/app.ts:4',
      'GET     /health  public  ?     yes    no     express    src/app.ts:4',
      'GET     ?/x *    no      ?     yes    no     express    src/app.ts:4',
      '',
      '3 routes',
      '* 1 route with a part of the path or its guards that could not be resolved',
      '',
    ].join('\n'),
  );
  assert.equal(renderRoutesTable([], placeOf), 'No routes found.\n');
});

test('json keeps everything and adds lines', () => {
  const parsed = JSON.parse(renderRoutesJson([route('POST', '/orders')], placeOf)) as {
    routes: { proof: unknown[]; location: { start: { line: number } } }[];
  };
  assert.equal(parsed.routes[0]?.location.start.line, 4);
  assert.equal(parsed.routes[0]?.proof.length, 1);
  assert.deepEqual(filesOfRoutes([route('POST', '/orders')]), ['src/app.ts']);
});

test('openapi has templated paths with their parameters and names what it left out', () => {
  const routes = [
    route('GET', '/orders/:id(\\d+)/items/:id'),
    route('POST', '/orders/:id(\\d+)/items/:id'),
    route('ALL', '/files/*'),
    route('GET', '/a/[...slug]'),
    route('GET', '/b/{name}'),
    route('GET', '/c/:file{.+\\.md}'),
    route('SUBSCRIBE', 'Query.orders'),
    route('GET', '/x', { partial: 'prefix unknown' }),
  ];
  const document = JSON.parse(renderOpenapi(routes, 'shop')) as {
    openapi: string;
    paths: Record<string, Record<string, { name: string; in: string }[]>>;
    'x-underpin-left-out': string[];
  };
  assert.equal(document.openapi, '3.1.1');
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/a/{slug}',
    '/b/{name}',
    '/c/{file}',
    '/files/{rest}',
    '/orders/{id}/items/{id2}',
  ]);
  const item = document.paths['/orders/{id}/items/{id2}'];
  assert.deepEqual(Object.keys(item ?? {}), ['parameters', 'get', 'post']);
  assert.deepEqual(
    item?.['parameters']?.map(({ name }) => name),
    ['id', 'id2'],
  );
  assert.deepEqual(document['x-underpin-left-out'], ['GET /x', 'SUBSCRIBE Query.orders']);
});
