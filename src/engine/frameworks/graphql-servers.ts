import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const server =
  (name: string, position = 0): OperationReader =>
  call => ({ kind: 'graphql-server', args: { options: call.arg(position) }, is: { server: name, position } });

/** `forRootAsync({ useFactory: () => ({ … }) })`: what the factory gives, where it is written in place. */
const fromFactory: OperationReader = call => {
  const given = call.arg(0);
  const factory = given?.k === 'obj' ? given.props.find(one => one.k === 'prop' && one.n === 'useFactory') : undefined;
  const fn = factory?.k === 'prop' && factory.v.k === 'fn' ? factory.v.f : undefined;
  const body = fn === undefined ? undefined : call.site.env.unit.facts.functions[fn]?.body;
  const last = body?.at(-1);
  return last?.k === 'ret' && last.e?.k === 'obj'
    ? { kind: 'graphql-server', args: { options: last.e }, is: { server: 'nest' } }
    : undefined;
};

const APOLLO = [
  '@apollo/server',
  'apollo-server',
  'apollo-server-express',
  'apollo-server-fastify',
  'apollo-server-koa',
  'apollo-server-lambda',
  'apollo-server-micro',
];

const socket =
  (library: string): OperationReader =>
  call => ({ kind: 'graphql-socket', args: { options: call.arg(0) }, is: { library } });

/** Where the makers of a socket server live, by version and host of graphql-ws. */
const SOCKETS = [
  'graphql-ws/use/ws.useServer',
  'graphql-ws/lib/use/ws.useServer',
  'graphql-ws/use/uWebSockets.makeBehavior',
  'graphql-ws/lib/use/uWebSockets.makeBehavior',
  'graphql-ws/use/@fastify/websocket.makeHandler',
  'graphql-ws/lib/use/@fastify/websocket.makeHandler',
  'graphql-ws/use/bun.makeHandler',
  'graphql-ws/lib/use/bun.makeHandler',
  'graphql-ws/use/crossws.makeHooks',
  'graphql-ws.makeServer',
  'subscriptions-transport-ws.SubscriptionServer',
  'subscriptions-transport-ws.SubscriptionServer.create',
];

/** GraphQL servers; all take one object of options. */
export const graphqlServers = defineAdapter({
  id: 'graphql-servers',
  title: 'GraphQL servers',
  docs: 'https://www.apollographql.com/docs/apollo-server/api/apollo-server',
  packages: [
    ...APOLLO,
    'graphql-yoga',
    '@nestjs/graphql',
    'mercurius',
    'express-graphql',
    'graphql-ws',
    'subscriptions-transport-ws',
  ],
  operations: {
    ...Object.fromEntries(APOLLO.map(name => [`${name}.ApolloServer`, server('apollo')])),
    'graphql-yoga.createYoga': server('yoga'),
    'express-graphql.graphqlHTTP': server('express-graphql'),
    'express-graphql': server('express-graphql'),
    '@nestjs/graphql.GraphQLModule.forRoot': server('nest'),
    '@nestjs/graphql.GraphQLModule.forRootAsync': fromFactory,
    'graphql-http/lib/use/express.createHandler': server('graphql-http'),
    'graphql-http/lib/use/fastify.createHandler': server('graphql-http'),
    'graphql-http.createHandler': server('graphql-http'),
    ...Object.fromEntries(SOCKETS.map(path => [path, socket(/^[\w-]+/.exec(path)![0])])),
  },
});
