import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const server =
  (name: string, position = 0): OperationReader =>
  call => ({ kind: 'graphql-server', args: { options: call.arg(position) }, is: { server: name, position } });

const APOLLO = [
  '@apollo/server',
  'apollo-server',
  'apollo-server-express',
  'apollo-server-fastify',
  'apollo-server-koa',
  'apollo-server-lambda',
  'apollo-server-micro',
];

/** GraphQL servers; all take one object of options. */
export const graphqlServers = defineAdapter({
  id: 'graphql-servers',
  title: 'GraphQL servers',
  docs: 'https://www.apollographql.com/docs/apollo-server/api/apollo-server',
  packages: [...APOLLO, 'graphql-yoga', '@nestjs/graphql', 'mercurius', 'express-graphql'],
  operations: {
    ...Object.fromEntries(APOLLO.map(name => [`${name}.ApolloServer`, server('apollo')])),
    'graphql-yoga.createYoga': server('yoga'),
    'express-graphql.graphqlHTTP': server('express-graphql'),
    'express-graphql': server('express-graphql'),
    '@nestjs/graphql.GraphQLModule.forRoot': server('nest'),
    'graphql-http/lib/use/express.createHandler': server('graphql-http'),
    'graphql-http/lib/use/fastify.createHandler': server('graphql-http'),
    'graphql-http.createHandler': server('graphql-http'),
  },
});
