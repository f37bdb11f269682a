import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

/** `set(name, value, options)`, or all of it in one object. */
const set: OperationReader = call => {
  const first = call.arg(0);
  const single = first !== undefined && call.arg(1) === undefined;
  return {
    kind: 'cookie-set',
    args: {
      name: single ? optionOf(first, 'name') : first,
      value: single ? optionOf(first, 'value') : call.arg(1),
      options: single ? first : call.arg(2),
    },
    is: { position: single ? 0 : 2 },
  };
};
const session =
  (library: string, position = 0): OperationReader =>
  call => ({ kind: 'session-setup', args: { options: call.arg(position) }, is: { library, position } });

/** Cookies and cookie sessions outside of Express and Fastify, whose adapters know their own. */
export const cookies = defineAdapter({
  id: 'cookies',
  title: 'Cookies',
  docs: 'https://developer.mozilla.org/docs/Web/HTTP/Headers/Set-Cookie',
  packages: ['koa-session', 'iron-session', '@hapi/cookie'],
  operations: {
    'next/headers.cookies()#set': set,
    'next/server.NextResponse#cookies.set': set,
    'next/server.NextResponse.json()#cookies.set': set,
    'next/server.NextResponse.next()#cookies.set': set,
    'next/server.NextResponse.redirect()#cookies.set': set,
    'next/server.NextResponse.rewrite()#cookies.set': set,
    'koa.Context#cookies.set': set,
    'hono/cookie.setCookie': call => ({
      kind: 'cookie-set',
      args: { name: call.arg(1), value: call.arg(2), options: call.arg(3) },
      is: { position: 3 },
    }),
    'hono/cookie.setSignedCookie': call => ({
      kind: 'cookie-set',
      args: { name: call.arg(1), value: call.arg(2), options: call.arg(4) },
      is: { position: 4 },
    }),
    'koa-session': session('koa-session'),
  },
});
