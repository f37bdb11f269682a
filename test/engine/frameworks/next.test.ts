import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { matcherOf } from '../../../src/engine/frameworks/next/matcher.ts';
import { constant } from '../../../src/engine/link/values.ts';
import { analyseTexts } from '../../harness/workspace.ts';

const MANIFEST = '{ "name": "web", "dependencies": { "next": "15.0.0" } }';
const OPEN = 'export function GET() { return Response.json([]); }';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)));
  return model.endpoints.map(one => `${one.method} ${one.path} ${one.auth}${one.partial ? ' partial' : ''}`).sort();
}

suite('files', () => {
  test('name the paths: groups, slots, private folders, parameters and several applications', () => {
    assert.deepEqual(
      routes({
        'apps/web/package.json': MANIFEST,
        'apps/web/app/(shop)/items/[item-id]/route.ts': OPEN,
        'apps/web/app/@panel/stats/route.ts': OPEN,
        'apps/web/app/files/[...path]/route.ts': OPEN,
        'apps/web/app/docs/[[...path]]/route.ts': OPEN,
        'apps/web/app/_lib/route.ts': OPEN,
        'apps/admin/package.json': MANIFEST,
        'apps/admin/src/app/api/test/route.ts': OPEN,
        'apps/admin/next.config.ts': "export default { basePath: '/admin' };",
        'packages/lib/package.json': '{ "name": "lib" }',
        'packages/lib/app/route.ts': OPEN,
      }),
      [
        'GET /admin/api/test no',
        'GET /docs/*path no',
        'GET /files/*path no',
        'GET /items/:item_id no',
        'GET /stats no',
      ],
    );
  });

  test('hand on what other files export', () => {
    assert.deepEqual(
      routes({
        'package.json': MANIFEST,
        'app/a/route.ts': `${OPEN}\nexport const dynamic = 'force-dynamic';\nexport const PUT = GET;`,
        'app/b/route.ts': "export * from '../a/route';",
        'app/c/route.ts': "import { GET as read } from '../a/route';\nexport { read as POST };",
        'app/d/route.ts': "import { serve } from '@example/jobs';\nexport const { POST } = serve(async () => {});",
        'app/e/route.ts': "export * from '@example/routes';",
      }),
      ['ALL /e unknown', 'GET /a no', 'GET /b no', 'POST /c no', 'POST /d unknown', 'PUT /a no', 'PUT /b no'],
    );
  });

  test('that give a router of another framework to the platform answer where that router says', () => {
    assert.deepEqual(
      routes({
        'package.json': MANIFEST,
        'pages/api/[...route].ts': `
          import { Hono } from 'hono';
          import { handle } from 'hono/vercel';
          const app = new Hono().basePath('/api');
          app.get('/items', c => c.json([]));
          export default handle(app);`,
        'app/rest/[...path]/route.ts': `
          import { Hono } from 'hono';
          import { handle } from 'hono/vercel';
          const app = new Hono();
          app.post('/rest/items', c => c.json({}));
          export const POST = handle(app);`,
      }),
      ['GET /api/items no', 'POST /rest/items no'],
    );
  });

  test('below pages/api answer the methods they ask for', () => {
    assert.deepEqual(
      routes({
        'package.json': MANIFEST,
        'src/pages/api/index.ts': 'export default function handler(req, res) { res.status(200).json({}); }',
        'src/pages/api/items/[id].ts': `
          const wrap = handler => async (req, res) => {
            if (!req.headers.authorization) return res.status(401).end();
            return handler(req, res);
          };
          export default wrap(async (req, res) => {
            switch (req.method) {
              case 'GET': return res.json({});
              case 'DELETE': return res.status(204).end();
              default: return res.status(405).end();
            }
          });`,
        'src/pages/api/orders.js': `
          module.exports = (req, res) => {
            if (req.method !== 'POST') return res.status(405).end();
            res.json({});
          };`,
      }),
      ['ALL /api no', 'DELETE /api/items/:id yes', 'GET /api/items/:id yes', 'POST /api/orders no'],
    );
  });
});

suite('middleware', () => {
  const guarded = (matcher: string, condition = '!request.cookies.get("session")'): string[] =>
    routes({
      'package.json': MANIFEST,
      'proxy.ts': `
        import { NextResponse } from 'next/server';
        export default function proxy(request) {
          if (${condition}) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 });
          return NextResponse.next();
        }
        ${matcher}`,
      'app/api/items/route.ts': OPEN,
    });

  test('guards what its matcher covers', () => {
    assert.deepEqual(guarded("export const config = { matcher: '/api/:path*' };"), ['GET /api/items yes']);
    assert.deepEqual(guarded(''), ['GET /api/items yes']);
    assert.deepEqual(guarded("export const config = { matcher: ['/((?!api).*)'] };"), ['GET /api/items no']);
  });

  test('is in doubt where it tells paths apart, and no guard where it turns nobody away', () => {
    const byPath = '!request.cookies.get("session") && request.nextUrl.pathname.startsWith("/api")';
    assert.deepEqual(guarded('', byPath), ['GET /api/items unknown']);
    const always = 'request.headers.get("x-robot")';
    assert.deepEqual(guarded('', always).join(), 'GET /api/items no');
  });

  test('is matched by its patterns', () => {
    const covers = (pattern: string, path: string): boolean | undefined => matcherOf(constant(pattern))(path);
    assert.equal(covers('/about/:path*', '/about'), true);
    assert.equal(covers('/about/:path+', '/about'), false);
    assert.equal(covers('/about/:path', '/about/a/b'), false);
    assert.equal(covers('/(api|trpc)(.*)', '/trpc/items.list'), true);
    assert.equal(covers('/((?!api/public|_next).*)', '/api/public/:id'), false);
    assert.equal(covers('/((?!api/public|_next).*)', '/api/:id'), true);
    assert.equal(covers('/shop/:id(\\d+)', '/shop/:id'), false);
    assert.equal(matcherOf({ k: 'unknown' })('/a'), undefined);
  });
});

suite('wrappers', () => {
  const wrapped = (
    wrapper: string,
    use = 'export const GET = wrap(async ({ user }) => Response.json(user));',
  ): string[] =>
    routes({
      'package.json': MANIFEST,
      'wrap.ts': `import { getServerSession } from 'next-auth';\n${wrapper}`,
      'app/items/route.ts': `import { wrap } from '../../wrap';\n${use}`,
    });

  test('are guards by what they do before they run the handler', () => {
    assert.deepEqual(
      wrapped(`
        export const wrap = (handler, { roles = [] } = {}) => async (request, { params }) => {
          const session = await getServerSession();
          if (!session?.user) throw new ApiError({ code: 'unauthorized', message: 'Sign in.' });
          try {
            return await handler({ request, params: await params, user: session.user });
          } catch (error) {
            return Response.json({ error }, { status: 500 });
          }
        };`),
      ['GET /items yes'],
    );
  });

  test('are none where the handler runs for callers nobody knows', () => {
    assert.deepEqual(
      wrapped(`
        export const wrap = handler => async request => {
          const session = await getServerSession();
          if (!session) return handler({ request });
          if (session.user.banned) return new Response('forbidden', { status: 403 });
          return handler({ request, user: session.user });
        };`),
      ['GET /items no'],
    );
  });

  test('are not judged by the handler they run', () => {
    assert.deepEqual(
      wrapped(
        'export const wrap = handler => async request => { console.log(request.url); return handler(request); };',
        `
        import { getServerSession } from 'next-auth';
        export const GET = wrap(async () => {
          if (!(await getServerSession())) return new Response('no', { status: 401 });
          return Response.json([]);
        });
        export const POST = wrap(async () => Response.json([]));`,
      ),
      ['GET /items yes', 'POST /items no'],
    );
  });
});
