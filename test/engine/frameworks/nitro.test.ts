import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const OPEN = 'export default defineEventHandler(() => []);';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)));
  return model.endpoints.map(one => `${one.method} ${one.path} auth=${one.auth}`).sort();
}

suite('nitro', () => {
  test('names paths and methods by files: groups, suffixes, parameters, and what serves in production alone', () => {
    assert.deepEqual(
      routes({
        'apps/api/package.json': '{ "name": "api", "dependencies": { "nitro": "3.0.0" } }',
        'apps/api/api/hello.ts': OPEN,
        'apps/api/routes/(group)/items/[item-id].get.ts': OPEN,
        'apps/api/routes/items/index.post.ts': OPEN,
        'apps/api/routes/files/[...path].ts': OPEN,
        'apps/api/routes/env.get.prod.ts': OPEN,
        'apps/api/routes/env.get.dev.ts': OPEN,
        'apps/api/routes/api/deep.put.ts': OPEN,
        'apps/api/lib/api/none.ts': OPEN,
        'apps/web/package.json': '{ "name": "web", "devDependencies": { "nuxt": "4.0.0" } }',
        'apps/web/server/api/users.get.ts': OPEN,
        'apps/web/api/client.ts': OPEN,
        'apps/other/package.json': '{ "name": "other" }',
        'apps/other/server/api/none.ts': OPEN,
      }),
      [
        'ALL /api/hello auth=no',
        'ALL /files/*path auth=no',
        'GET /api/users auth=no',
        'GET /env auth=no',
        'GET /items/:item_id auth=no',
        'POST /items auth=no',
        'PUT /api/deep auth=no',
      ],
    );
  });

  test('runs middleware before every route, for the paths it is for', () => {
    assert.deepEqual(
      routes({
        'package.json': '{ "name": "web", "dependencies": { "nuxt": "4.0.0" } }',
        'server/utils/auth.ts': `
          export async function signedIn(event) {
            const session = await getUserSession(event);
            if (!session.user) throw createError({ statusCode: 401 });
          }`,
        'server/middleware/auth.ts': `
          export default defineEventHandler(async event => {
            const { pathname } = getRequestURL(event);
            if (!pathname.startsWith('/api/admin')) return;
            await signedIn(event);
          });`,
        'server/api/admin/users.get.ts': OPEN,
        'server/api/users.get.ts': OPEN,
      }),
      ['GET /api/admin/users auth=yes', 'GET /api/users auth=no'],
    );
  });

  test('compares a token with the configured one for some paths, and then looks at it once more', () => {
    const guarded = (test: string): string[] =>
      routes({
        'package.json': '{ "name": "web", "dependencies": { "nuxt": "4.0.0" } }',
        'server/middleware/token.ts': `
          export default eventHandler(event => {
            const token = getHeader(event, 'Authorization');
            if (${test}) throw createError({ status: 401 });
            if (token && token.length < 8) throw createError({ status: 401 });
          });`,
        'server/api/links.get.ts': OPEN,
      });
    assert.deepEqual(guarded("event.path.startsWith('/api/') && token !== useRuntimeConfig(event).token"), [
      'GET /api/links auth=yes',
    ]);
    assert.deepEqual(guarded('token && token !== useRuntimeConfig(event).token'), ['GET /api/links auth=no']);
  });

  test('checks the part of the request that a validating reader reads', () => {
    const { model } = analyseTexts(
      new Map([
        ['package.json', '{ "name": "web", "dependencies": { "nuxt": "4.0.0" } }'],
        [
          'server/api/links.get.ts',
          `import { z } from 'zod';
           export default eventHandler(event => getValidatedQuery(event, z.object({ page: z.number() }).parse));`,
        ],
      ]),
    );
    const roles = model.endpoints.flatMap(({ chain }) => chain.flatMap(link => link.roles));
    assert.deepEqual(roles, ['validates-query']);
  });
});
