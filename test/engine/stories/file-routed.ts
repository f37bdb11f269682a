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
};
