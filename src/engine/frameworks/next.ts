import { defineAdapter } from './adapter.ts';
import { ACTION_INPUT, discoverActions } from './next/actions.ts';
import { discoverNext } from './next/discover.ts';

const ANSWERS = ['next/server.NextResponse', 'Response'];

/** Route handlers, API pages, middleware and Server Actions; all of them are found by the names of files. */
export const next = defineAdapter({
  id: 'next',
  title: 'Next.js',
  docs: 'https://nextjs.org/docs/app/api-reference/file-conventions/route',
  packages: ['next'],
  aliases: {
    'next/server.NextRequest': 'next.Request',
    'next.Request#clone()': 'next.Request',
  },

  // They give a function that does what theirs does, though not each time.
  calls: {
    'react.cache': (_program, _callee, { args: [fn] }) => fn,
    'next/cache.unstable_cache': (_program, _callee, { args: [fn] }) => fn,
  },

  request: {
    'next.Request#json()': 'body',
    'next.Request#formData()': 'body',
    'next.Request#text()': 'raw',
    'next.Request#arrayBuffer()': 'raw',
    'next.Request#blob()': 'raw',
    'next.Request#body': 'raw',
    'next.Request#headers': 'headers',
    'next.Request#cookies': 'cookies',
    'next.Request#url': 'url',
    'next.Request#nextUrl': 'url',
    'next.Request#nextUrl.searchParams': 'query',
    'next.Request#ip': 'ip',
    'next.RouteArguments#params': 'params',
    [ACTION_INPUT]: 'body',
    'next/headers.headers()': 'headers',
    'next/headers.cookies()': 'cookies',
    'next.NextApiRequest#body': 'body',
    'next.NextApiRequest#query': 'query',
    'next.NextApiRequest#cookies': 'cookies',
    'next.NextApiRequest#headers': 'headers',
    'next.NextApiRequest#url': 'url',
  },

  throws: ['redirect', 'permanentRedirect', 'notFound', 'forbidden', 'unauthorized'].map(
    name => `next/navigation.${name}`,
  ),
  responses: {
    ...Object.fromEntries(
      ANSWERS.flatMap(name => [[`${name}.json`, 'json'] as const, [`${name}.redirect`, 'redirect'] as const]),
    ),
    'next/navigation.redirect': 'redirect',
    'next/navigation.permanentRedirect': 'redirect',
    'next.NextApiResponse#status': 'status',
    'next.NextApiResponse#json': 'json',
    'next.NextApiResponse#status()#json': 'json',
    'next.NextApiResponse#send': 'send',
    'next.NextApiResponse#status()#send': 'send',
    'next.NextApiResponse#redirect': 'redirect',
    'next.NextApiResponse#setHeader': 'header',
    'next.NextApiResponse#end': 'end',
    'next.NextApiResponse#status()#end': 'end',
  },

  middleware: {
    // Wrappers around handlers that write down what happens.
    '@axiomhq/nextjs.createAxiomRouteHandler()()': ['logs'],
    'next-axiom.withAxiom()': ['logs'],
    '@sentry/nextjs.wrapApiHandlerWithSentry()': ['logs'],
    '@sentry/nextjs.wrapRouteHandlerWithSentry()': ['logs'],
    '@sentry/nextjs.withSentry()': ['logs'],
    '@logtail/next.withLogtail()': ['logs'],
    '@logtail/next.withBetterStack()': ['logs'],
    'evlog/next.createEvlog()#withEvlog()': ['logs'],
    '@auth0/nextjs-auth0.withApiAuthRequired()': ['authenticates'],
    'next-auth()': ['signs-in'],
    'next-auth.NextAuth()': ['signs-in'],
    'next-auth()#handlers.GET': ['signs-in'],
    'next-auth()#handlers.POST': ['signs-in'],
    'better-auth/next-js.toNextJsHandler()': ['signs-in'],
    // It hands the session on, if there is one.
    'next-auth()#auth()': ['recognises'],
  },

  discover(program) {
    discoverNext(program);
    discoverActions(program);
  },
});
