import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { defineAdapter, type RequestPart } from './adapter.ts';
import { discoverBuilt } from './graphql/built.ts';
import { contextsOf, REQUEST_CONTEXT } from './graphql/contexts.ts';
import { discoverMaps } from './graphql/maps.ts';
import { ARGS, CONTEXT, type FieldKind } from './graphql/schema.ts';
import { shieldStep, shieldsOf } from './graphql/shield.ts';

const SERVES = ['serves-graphql'] as const;
/** Where projects keep who is calling; who reads it must still turn callers away. */
const CALLER = [
  'user',
  'currentUser',
  'loggedInUser',
  'authUser',
  'viewer',
  'me',
  'userId',
  'currentUserId',
  'auth',
  'account',
  'identity',
  'token',
  'jwt',
  'claims',
  'decoded',
];

/** Schemas of text and resolver maps, whichever server runs them, and what all GraphQL libraries share. */
export const graphql = defineAdapter({
  id: 'graphql',
  title: 'GraphQL resolver maps',
  docs: 'https://the-guild.dev/graphql/tools/docs/generate-schema',
  packages: ['graphql', '@graphql-tools/schema', '@apollo/server', 'graphql-yoga', 'mercurius', 'graphql-http'],
  aliases: {
    'graphql.ResolverData#context': CONTEXT,
    'graphql.ResolverData#args': ARGS,
    ...Object.fromEntries(
      [CONTEXT, REQUEST_CONTEXT].flatMap(context => [
        [`${context}#req`, 'express.Request'],
        [`${context}#request`, 'express.Request'],
        [`${context}#res`, 'express.Response'],
        [`${context}#ctx`, 'koa.Context'],
        [`${context}#koaContext`, 'koa.Context'],
        [`${context}#reply#request`, 'fastify.FastifyRequest'],
      ]),
    ),
  },
  request: {
    [ARGS]: 'arguments',
    [`${REQUEST_CONTEXT}#headers`]: 'headers',
    [`${CONTEXT}#session`]: 'session',
    [`${CONTEXT}#headers`]: 'headers',
    [`${CONTEXT}#cookies`]: 'cookies',
    ...Object.fromEntries(CALLER.map((name): [string, RequestPart] => [`${CONTEXT}#${name}`, 'user'])),
  },
  middleware: {
    '@apollo/server/express4.expressMiddleware()': SERVES,
    '@as-integrations/express4.expressMiddleware()': SERVES,
    '@as-integrations/express5.expressMiddleware()': SERVES,
    '@as-integrations/fastify.fastifyApolloHandler()': SERVES,
    '@as-integrations/fastify.fastifyApollo()': SERVES,
    '@as-integrations/koa.koaMiddleware()': SERVES,
    'graphql-yoga.createYoga()': SERVES,
    'express-graphql.graphqlHTTP()': SERVES,
    'express-graphql()': SERVES,
    'graphql-http/lib/use/express.createHandler()': SERVES,
    'graphql-http/lib/use/koa.createHandler()': SERVES,
    'graphql-http/lib/use/fastify.createHandler()': SERVES,
    '@hono/graphql-server.graphqlServer()': SERVES,
    mercurius: SERVES,
    'graphql-upload/graphqlUploadExpress.mjs()': ['neutral'],
    'graphql-upload.graphqlUploadExpress()': ['neutral'],
  },
  discover(program) {
    const schemas = [...discoverMaps(program), ...discoverBuilt(program)];
    if (schemas.length > 0) attach(program, schemas);
  },
});

/** Context functions and shields stand before every field of the schemas in their package. */
function attach(program: Program, schemas: readonly RouterObject[]): void {
  const folderOf = (file: string): string => program.project.packageOf(file)?.folder ?? '';
  const contexts = contextsOf(program);
  const shields = shieldsOf(program);
  for (const schema of schemas) {
    const folder = folderOf(schema.span.file);
    for (const { func, span } of contexts.filter(one => one.folder === folder))
      schema.entries.push({ k: 'use', path: undefined, handlers: [func], span, conditional: false, stage: 'context' });
    for (const shield of shields.filter(one => one.folder === folder)) protect(program, schema, shield);
  }
}

function protect(program: Program, schema: RouterObject, shield: ReturnType<typeof shieldsOf>[number]): void {
  schema.entries.forEach((entry, at) => {
    if (entry.k !== 'route') return;
    const [method] = entry.methods;
    const name = entry.path.k === 'const' ? String(entry.path.v) : '';
    const judge = (): { steps: ReturnType<typeof shieldStep> } => ({
      steps: [...(entry.judge?.().steps ?? []), ...shieldStep(program, shield, method as FieldKind, name)],
    });
    schema.entries[at] = { ...entry, judge };
  });
}
