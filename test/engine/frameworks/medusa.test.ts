import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const MANIFEST = '{ "name": "shop", "dependencies": { "@medusajs/medusa": "2.10.0" } }';
const OPEN = 'export const GET = async (req, res) => res.json({});';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries({ 'package.json': MANIFEST, ...files })));
  return model.endpoints.map(one => `${one.method} ${one.path} auth=${one.auth} validation=${one.validation}`).sort();
}

suite('medusa', () => {
  test('guards what is below /admin and what is the customer’s own, unless a file takes it away', () => {
    assert.deepEqual(
      routes({
        'src/api/admin/brands/route.ts': OPEN,
        'src/api/admin/hook/route.ts': `export const AUTHENTICATE = false;\n${OPEN}`,
        'src/api/store/brands/route.ts': OPEN,
        'src/api/store/customers/me/brands/[id]/route.ts': OPEN,
        'src/api/_lib/route.ts': OPEN,
        'src/modules/api/route.ts': OPEN,
      }),
      [
        'GET /admin/brands auth=yes validation=no',
        'GET /admin/hook auth=no validation=no',
        'GET /store/brands auth=no validation=no',
        'GET /store/customers/me/brands/:id auth=yes validation=no',
      ],
    );
  });

  test('opens the shop to people without an account', () => {
    const files = {
      'src/api/store/brands/route.ts': OPEN,
      'src/api/store/customers/me/brands/route.ts': OPEN,
      'src/api/brands/route.ts': OPEN,
    };
    const { model } = analyseTexts(new Map(Object.entries({ 'package.json': MANIFEST, ...files })));
    assert.deepEqual(model.endpoints.map(({ path, isPublic }) => `${path} ${isPublic}`).sort(), [
      '/brands undefined',
      '/store/brands a shop is open to all',
      '/store/customers/me/brands undefined',
    ]);
  });

  test('matches by method and path; a matcher that names another path does nothing', () => {
    assert.deepEqual(
      routes({
        'src/api/middlewares.ts': `
          import { authenticate, defineMiddlewares, validateAndTransformBody } from '@medusajs/framework/http';
          export default defineMiddlewares([
            { matcher: '/store/return', method: ['POST'], middlewares: [validateAndTransformBody({})] },
            { matcher: /^\\/store\\/vip/, middlewares: [authenticate('customer', 'bearer')] },
            { matcher: '/store/open*', middlewares: [authenticate('*', 'bearer', { allowUnauthenticated: true })] },
            { matcher: '/store/vip', bodyParser: { sizeLimit: '1mb' } },
          ]);`,
        'src/api/store/returns/route.ts': 'export const POST = async (req, res) => res.json({});',
        'src/api/store/return/route.ts': `${OPEN}\nexport const POST = async (req, res) => res.json({});`,
        'src/api/store/vip/lounge/route.ts': OPEN,
        'src/api/store/open/route.ts': OPEN,
      }),
      [
        'GET /store/open auth=no validation=no',
        'GET /store/return auth=no validation=no',
        'GET /store/vip/lounge auth=yes validation=no',
        'POST /store/return auth=no validation=yes',
        'POST /store/returns auth=no validation=no',
      ],
    );
  });

  test('leaves open what guards a route where the list of steps cannot be read', () => {
    assert.deepEqual(
      routes({
        'src/api/middlewares.ts': "import { list } from '@example/steps';\nexport default list();",
        'src/api/store/brands/route.ts': OPEN,
      }),
      ['GET /store/brands auth=unknown validation=unknown'],
    );
  });
});
