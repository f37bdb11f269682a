import { EXPRESS_GUARD } from './express-guard.ts';
import { SCHEMA } from './schema.ts';

/** The story in the dialects of frameworks that route by the names of files. */
export const FILE_ROUTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  next: {
    'schema.ts': SCHEMA,
    'guard.ts': `
      import jwt from 'jsonwebtoken';
      import { NextResponse } from 'next/server';
      export const withUser = handler => async (request, context) => {
        try {
          jwt.verify(request.headers.get('authorization'), process.env.JWT_SECRET);
        } catch {
          return NextResponse.json({ error: 'unauthorized' }, { status: 401 });
        }
        return handler({ request, params: await context.params });
      };
      export const limited = handler => async request => {
        if ((await count(request.headers.get('x-real-ip'))) > 10) return new NextResponse(null, { status: 429 });
        return handler(request);
      };`,
    'middleware.ts': `
      import { NextResponse } from 'next/server';
      export function middleware(request) {
        if (!request.cookies.get('session')) return NextResponse.redirect(new URL('/login', request.url));
        return NextResponse.next();
      }
      export const config = { matcher: ['/admin/:path*'] };`,
    'app/status/route.ts': `
      export function GET() { return Response.json('ok'); }`,
    'app/(shop)/orders/route.ts': `
      import { withUser } from '../../../guard.ts';
      import { Order } from '../../../schema.ts';
      export const GET = withUser(async () => Response.json([]));
      export const POST = withUser(async ({ request }) => {
        const order = Order.parse(await request.json());
        return Response.json(order);
      });`,
    'app/(shop)/orders/[id]/route.ts': `
      import { audit } from '@example/audit';
      export const DELETE = audit(async () => new Response(null));`,
    'app/search/route.ts': `
      import { limited } from '../../guard.ts';
      const handler = async () => Response.json([]);
      export { wrapped as POST };
      const wrapped = limited(handler);`,
    'app/api/reports/route.ts': `
      export async function GET() { return Response.json([]); }`,
    'app/api/reports/[id]/route.ts': `
      export { publish as POST } from '../../../../reports.ts';`,
    'reports.ts': `
      import { cookies } from 'next/headers';
      import jwt from 'jsonwebtoken';
      export async function publish() {
        const token = (await cookies()).get('session')?.value;
        if (!token) return new Response('unauthorized', { status: 401 });
        jwt.verify(token, process.env.JWT_SECRET);
        return Response.json({});
      }`,
  },
  nitro: {
    'package.json': '{ "name": "shop", "dependencies": { "nitropack": "2.12.0" } }',
    'server/utils/guard.ts': `
      import jwt from 'jsonwebtoken';
      export function requireUser(event) {
        try {
          jwt.verify(getHeader(event, 'authorization'), process.env.JWT_SECRET);
        } catch {
          throw createError({ statusCode: 401 });
        }
      }
      export const limited = async event => {
        if ((await count(getRequestIP(event))) > 10) throw createError({ statusCode: 429 });
      };`,
    'server/middleware/signed-in.ts': `
      export default defineEventHandler(event => {
        if (event.path !== '/orders') return;
        requireUser(event);
      });`,
    'server/routes/status.get.ts': `
      export default defineEventHandler(() => 'ok');`,
    'server/routes/orders/index.get.ts': `
      export default defineEventHandler(() => []);`,
    'server/routes/orders/index.post.ts': `
      import { z } from 'zod';
      const Order = z.object({ item: z.string() });
      export default defineEventHandler(async event => readValidatedBody(event, Order.parse));`,
    'server/routes/orders/[id].delete.ts': `
      import { defineEventHandler } from 'h3';
      import { audit } from '@example/audit';
      export default defineEventHandler({ onRequest: [audit()], handler: () => ({}) });`,
    'server/routes/search.post.ts': `
      import { eventHandler } from 'h3';
      export default eventHandler({ onRequest: limited, handler: () => [] });`,
    'server/api/reports/index.get.ts': `
      export default cachedEventHandler(() => [], { maxAge: 60 });`,
    'server/api/reports/[id].post.ts': `
      export default defineEventHandler(async event => {
        const session = await requireUserSession(event);
        return session.user;
      });`,
  },
  medusa: {
    'package.json': '{ "name": "shop", "dependencies": { "@medusajs/framework": "2.10.0" } }',
    'src/guard.ts': EXPRESS_GUARD,
    'src/api/middlewares.ts': `
      import { authenticate, defineMiddlewares, validateAndTransformBody } from '@medusajs/framework/http';
      import rateLimit from 'express-rate-limit';
      import { z } from 'zod';
      import { audit } from '@example/audit';
      import { requireUser } from '../guard.js';
      const reports = [{ matcher: '/api/reports/*', middlewares: [requireUser] }];
      export default defineMiddlewares({
        routes: [
          { matcher: '/orders', method: ['GET', 'POST'], middlewares: [authenticate('user', ['session', 'bearer'])] },
          {
            matcher: '/orders',
            methods: ['POST'],
            middlewares: [validateAndTransformBody(z.object({ item: z.string() }))],
          },
          { matcher: '/orders/:id', method: 'DELETE', middlewares: [audit()] },
          { matcher: '/search', middlewares: [rateLimit({ limit: 10 })] },
          ...reports,
        ],
      });`,
    'src/api/status/route.ts': 'export const GET = async (req, res) => res.json("ok");',
    'src/api/orders/route.ts': `
      export const GET = async (req, res) => res.json([]);
      export const POST = async (req, res) => res.json(req.validatedBody);`,
    'src/api/orders/[id]/route.ts': 'export const DELETE = async (req, res) => res.json({});',
    'src/api/search/route.ts': 'export async function POST(req, res) { res.json([]); }',
    'src/api/api/reports/route.ts': 'export const GET = async (req, res) => res.json([]);',
    'src/api/api/reports/[id]/route.ts': 'export const POST = async (req, res) => res.json({});',
  },
};
