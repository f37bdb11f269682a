import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeFinder } from '../../src/report/input.ts';
import { filesOfRoutes, renderRoutesJson, renderRoutesTable } from '../../src/report/routes.ts';
import { renderRoutesCsv } from '../../src/report/routes-csv.ts';
import { diffRoutes, renderDiff, summary } from '../../src/report/routes-diff.ts';
import { renderRoutesHttp } from '../../src/report/routes-http.ts';
import { renderWhy } from '../../src/report/routes-why.ts';
import type { RouteInfo } from '../../src/session/api.ts';
import { spanOf } from '../harness/finding.ts';
import { TEXTS } from '../harness/report.ts';

const placeOf = placeFinder(file => TEXTS[file]);
const span = spanOf('src/app.ts', TEXTS['src/app.ts'] ?? '', 'app.post');

const OPEN = { auth: 'no', authorization: 'unknown', validation: 'yes', rateLimit: 'no' } as const;

function route(method: string, path: string, over: Partial<RouteInfo> = {}): RouteInfo {
  return {
    id: `${method} ${path}`,
    method,
    path,
    framework: 'express',
    unit: '',
    span,
    verdicts: OPEN,
    input: { body: 'yes', query: 'no' },
    roles: [],
    steps: [],
    proof: [{ aspect: 'auth', span, message: 'No guard on the way.' }],
    queries: [{ span, what: 'pg.Pool#query create' }],
    calls: [],
    ...over,
  };
}

test('the table tells what is known', () => {
  const text = renderRoutesTable(
    [
      route('POST', '/orders'),
      route('GET', '/health', { isPublic: 'health check' }),
      route('GET', '?/x', { partial: 'mount unknown', roles: ['admin'], verdicts: { ...OPEN, authorization: 'yes' } }),
    ],
    placeOf,
  );
  assert.equal(
    text,
    [
      'METHOD  PATH     AUTH    ROLES  PARAMS  QUERY  HEADERS  BODY  LIMIT  DB  CALLS  PLACE',
      'POST    /orders  no      ?      -       no     -        yes   no     1   -      src/app.ts:4',
      'GET     /health  public  ?      -       no     -        yes   no     1   -      src/app.ts:4',
      'GET     ?/x *    no      admin  -       no     -        yes   no     1   -      src/app.ts:4',
      '',
      '3 routes',
      '* 1 route with a part of the path or its guards that could not be resolved',
      '',
    ].join('\n'),
  );
  assert.equal(renderRoutesTable([], placeOf), 'No routes found.\n');
});

test('json has one entry for each route, with lines', () => {
  const guarded = route('GET', '/orders', { verdicts: { ...OPEN, auth: 'yes' } });
  const unclear = route('GET', '/x', { partial: 'mount unknown', verdicts: { ...OPEN, auth: 'unknown' } });
  const { endpoints, ...others } = JSON.parse(
    renderRoutesJson([route('POST', '/orders'), guarded, unclear], placeOf),
  ) as { endpoints: Record<string, unknown>[] };
  assert.deepEqual(others, {});
  assert.deepEqual(
    endpoints.map(({ method, path, file, line, auth, partial }) => ({ method, path, file, line, auth, partial })),
    [
      { method: 'POST', path: '/orders', file: 'src/app.ts', line: 4, auth: false, partial: null },
      { method: 'GET', path: '/orders', file: 'src/app.ts', line: 4, auth: true, partial: null },
      { method: 'GET', path: '/x', file: 'src/app.ts', line: 4, auth: null, partial: 'mount unknown' },
    ],
  );
  assert.deepEqual(endpoints[0]?.['verdicts'], { ...OPEN, input: { body: 'yes', query: 'no' } });
  assert.deepEqual(endpoints[0]?.['proof'], [
    { aspect: 'auth', message: 'No guard on the way.', file: 'src/app.ts', line: 4 },
  ]);
  assert.deepEqual(filesOfRoutes([route('POST', '/orders')]), ['src/app.ts']);
});

test('csv quotes what needs it and lets no cell be a formula', () => {
  const text = renderRoutesCsv([route('GET', '=1+1', { partial: 'a "computed", path' })], placeOf);
  const [heading, row, end] = text.split('\r\n');
  assert.match(heading ?? '', /^method,path,auth,roles,params,query,headers,body,rate limit,/);
  assert.match(row ?? '', /^GET,'=1\+1,no,/);
  assert.match(row ?? '', /,"a ""computed"", path",src\/app\.ts:4$/);
  assert.equal(end, '');
});

test('http has a request for each route, with variables for parameters and credentials', () => {
  const routes = [
    route('PUT', '/orders/:id', { verdicts: { ...OPEN, auth: 'yes' } }),
    route('ALL', '/files/*'),
    route('SUBSCRIBE', '/updates'),
  ];
  const text = renderRoutesHttp(routes, placeOf);
  assert.match(
    text,
    /PUT \{\{baseUrl\}\}\/orders\/\{\{id\}\}\nAuthorization: Bearer \{\{token\}\}\nContent-Type: application\/json\n\n\{\}\n/,
  );
  assert.match(text, /### ALL \/files\/\*\n# auth no, src\/app\.ts:4\nGET \{\{baseUrl\}\}\/files\/\{\{rest\}\}\n\n/);
  assert.doesNotMatch(text, /SUBSCRIBE/);
});

test('the proof of one route names every place in the order a request passes', () => {
  const steps: RouteInfo['steps'] = [
    { span, level: 'app', via: 'use()', roles: ['neutral'], why: 'helmet() turns nobody away', evidence: [] },
    {
      span,
      level: 'route',
      via: 'on the route',
      roles: ['authenticates'],
      why: 'requireUser checks who is calling',
      evidence: [{ span, message: 'verifies it' }],
      name: 'src/auth.ts#requireUser',
    },
  ];
  const lines = renderWhy(route('POST', '/orders', { steps, verdicts: { ...OPEN, auth: 'yes' } }), placeOf).split('\n');
  const [first, second] = lines.flatMap((line, at) => (/^ +\d+\. /.test(line) ? [at] : []));
  assert.match(lines[first!]!, /1\. application: use\(\) {2}src\/app\.ts:4:1$/);
  assert.match(lines[second!]!, /2\. route: on the route {2}src\/app\.ts:4:1$/);
  assert.match(lines[second! + 1]!, /requireUser checks who is calling {2}\[authentication\]$/);
  assert.match(lines[second! + 2]!, /- verifies it {2}src\/app\.ts:4:1$/);
  assert.ok(lines.includes('Authorization:  cannot tell'));
});

test('a diff tells what was opened, dropped, added and removed', () => {
  const guarded = { ...OPEN, auth: 'yes' } as const;
  const before = [
    route('GET', '/a', { verdicts: guarded }),
    route('GET', '/b', { verdicts: guarded }),
    route('GET', '/same'),
    route('GET', '/gone'),
  ];
  const after = [
    route('GET', '/a'),
    route('GET', '/b', { verdicts: guarded, input: { body: 'no', query: 'no' } }),
    route('GET', '/same'),
    route('GET', '/new'),
    route('GET', '/new/health', { isPublic: 'a health check' }),
  ];
  const changes = diffRoutes(before, after);
  assert.deepEqual(
    changes.map(({ kind, before: was, after: is }) => `${kind} ${(is ?? was)?.path}`),
    ['opened /a', 'added-open /new', 'dropped-validation /b', 'added /new/health', 'removed /gone'],
  );
  assert.equal(
    summary(changes),
    'Opened 1 route, added 1 route without authentication, dropped validation on 1 route, added 1 route, removed 1 route.',
  );
  assert.equal(summary(diffRoutes(after, after)), 'No route changed.');
  assert.match(
    renderDiff(changes, { before: placeOf, after: placeOf }),
    /^opened +GET +\/a +yes → no +src\/app\.ts:4$/m,
  );
});
