import assert from 'node:assert/strict';
import test from 'node:test';
import type { Endpoint } from '../../../src/engine/link/endpoint.ts';
import { analyseTexts } from '../../harness/workspace.ts';

/**
 * One small schema told in the dialect of each library: an open query, a guarded one, a guarded change, one behind a
 * step that cannot be seen through, and a subscription. Every adapter must arrive at the same table.
 */
const STORY = [
  'MUTATION placeOrder auth=yes',
  'MUTATION wipe auth=unknown',
  'QUERY orders auth=yes',
  'QUERY products auth=no',
  'SUBSCRIPTION orderPlaced auth=no',
];

const DIALECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'nest-graphql': {
    'src/guard.ts': `
      import { ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
      import { GqlExecutionContext } from '@nestjs/graphql';
      import { JwtService } from '@nestjs/jwt';
      @Injectable()
      export class GqlGuard {
        constructor(private readonly jwt: JwtService) {}
        canActivate(context: ExecutionContext) {
          const { req } = GqlExecutionContext.create(context).getContext();
          if (!req.headers.authorization) throw new UnauthorizedException();
          req.user = this.jwt.verify(req.headers.authorization);
          return true;
        }
      }`,
    'src/orders.resolver.ts': `
      import { UseGuards } from '@nestjs/common';
      import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
      import { AuditGuard } from '@example/audit';
      import { GqlGuard } from './guard';
      @Resolver('Order')
      export class OrdersResolver {
        @Query('products')
        list() { return []; }
        @Query(() => [String], { name: 'orders' })
        @UseGuards(GqlGuard)
        mine() { return []; }
        @Mutation(() => String)
        @UseGuards(GqlGuard)
        placeOrder(@Args('item') item: string) { return item; }
        @Mutation(() => String)
        @UseGuards(AuditGuard)
        wipe() { return ''; }
        @Subscription(() => String)
        orderPlaced() { return undefined; }
      }`,
    'src/main.ts': `
      import { Module } from '@nestjs/common';
      import { NestFactory } from '@nestjs/core';
      import { OrdersResolver } from './orders.resolver';
      @Module({ providers: [OrdersResolver] })
      class AppModule {}
      NestFactory.create(AppModule).then(app => app.listen(3000));`,
  },
  apollo: {
    'src/guard.ts': `
      import { GraphQLError } from 'graphql';
      export const authenticated = resolver => (parent, args, context, info) => {
        if (!context.user) throw new GraphQLError('Sign in first', { extensions: { code: 'UNAUTHENTICATED' } });
        return resolver(parent, args, context, info);
      };`,
    'src/orders.ts': `
      import { audited } from '@example/audit';
      import { authenticated } from './guard.js';
      const orders = authenticated((parent, args, context) => context.db.orders(context.user.id));
      export const Query = { products: () => [], orders };
      export const Mutation = {
        placeOrder(parent, { item }, { user }) {
          if (!user) throw new Error('UNAUTHENTICATED');
          return item;
        },
        wipe: audited((parent, args, context) => ''),
      };`,
    'src/server.ts': `
      import { ApolloServer } from '@apollo/server';
      import * as maps from './orders.js';
      const typeDefs = \`#graphql
        type Query { products: [String] orders: [String] }
        type Mutation { placeOrder(item: String!): String wipe: String }
        type Subscription { orderPlaced: String }
      \`;
      const Subscription = { orderPlaced: { subscribe: () => undefined } };
      export async function start() {
        const server = new ApolloServer({ typeDefs, resolvers: [maps, { Subscription }] });
      }`,
  },
  yoga: {
    'src/resolvers.ts': `
      import { combineResolvers } from 'graphql-resolvers';
      import { audit } from '@example/audit';
      const signedIn = (parent, args, { user }) => {
        if (!user) throw new Error('Not signed in');
      };
      export const resolvers = {
        Query: { products: () => [], orders: combineResolvers(signedIn, () => []) },
        Mutation: {
          placeOrder: combineResolvers(signedIn, (parent, { item }) => item),
          wipe: combineResolvers(audit, () => ''),
        },
        Subscription: { orderPlaced: { subscribe: () => undefined, resolve: value => value } },
      };`,
    'src/server.ts': `
      import { createServer } from 'node:http';
      import { createSchema, createYoga } from 'graphql-yoga';
      import { resolvers } from './resolvers.js';
      const yoga = createYoga({ schema: createSchema({ typeDefs: [], resolvers }) });
      createServer(yoga).listen(4000);`,
  },
  mercurius: {
    'src/app.ts': `
      import Fastify from 'fastify';
      import mercurius from 'mercurius';
      import { audited } from '@example/audit';
      const schema = \`
        type Query { products: [String] orders: [String] }
        type Mutation { placeOrder(item: String!): String wipe: String }
        type Subscription { orderPlaced: String }\`;
      const needUser = context => {
        if (context.user === undefined) throw new mercurius.ErrorWithProps('Unauthorized');
      };
      const resolvers = {
        Query: {
          products: async () => [],
          orders: async (root, args, context) => {
            needUser(context);
            return [];
          },
        },
        Mutation: {
          placeOrder: async (root, { item }, context) => {
            needUser(context);
            return item;
          },
          wipe: audited(async () => ''),
        },
        Subscription: { orderPlaced: { subscribe: async (root, args, { pubsub }) => pubsub.subscribe('placed') } },
      };
      const app = Fastify();
      app.register(mercurius, { schema, resolvers });
      app.listen({ port: 3000 });`,
  },
  graphql: {
    'src/schema.ts': `
      import { makeExecutableSchema } from '@graphql-tools/schema';
      import { mergeResolvers, mergeTypeDefs } from '@graphql-tools/merge';
      import { applyMiddleware } from 'graphql-middleware';
      import { allow, and, rule, shield } from 'graphql-shield';
      import { isAudited } from '@example/audit';
      const isSignedIn = rule({ cache: 'contextual' })(async (parent, args, context) => context.user !== null);
      const queries = { Query: { products: () => [], orders: () => [] } };
      const changes = { Mutation: { placeOrder: (parent, { item }) => item, wipe: () => '' } };
      const feeds = { Subscription: { orderPlaced: { subscribe: () => undefined } } };
      const schema = makeExecutableSchema({ typeDefs: mergeTypeDefs([]), resolvers: mergeResolvers([queries, changes, feeds]) });
      const rules = shield(
        {
          Query: { products: allow },
          Mutation: { placeOrder: and(isSignedIn), wipe: isAudited },
          Subscription: { '*': allow },
        },
        { fallbackRule: isSignedIn },
      );
      export const guarded = applyMiddleware(schema, rules);`,
  },
  'graphql of objects': {
    'src/mutations.ts': `
      import { GraphQLNonNull, GraphQLString } from 'graphql';
      import { withAudit } from '@example/audit';
      export const orderMutations = {
        placeOrder: {
          type: new GraphQLNonNull(GraphQLString),
          args: { item: { type: GraphQLString } },
          resolve(_, { item }, req) {
            if (!req.remoteUser) throw new Error('Unauthorized: sign in first.');
            return item;
          },
        },
      };
      export const wipe = { type: GraphQLString, resolve: withAudit(() => '') };`,
    'src/schema.ts': `
      import { GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
      import { orderMutations, wipe } from './mutations';
      const list = new GraphQLList(GraphQLString);
      const query = {
        products: { type: list, resolve: () => [] },
        orders: {
          type: list,
          async resolve(_, args, req) {
            if (!req.remoteUser) throw new Error('Unauthorized');
            return [];
          },
        },
      };
      const Query = new GraphQLObjectType({ name: 'Root', fields: () => query });
      export default new GraphQLSchema({
        query: Query,
        mutation: new GraphQLObjectType({ name: 'Changes', fields: { ...orderMutations, wipe } }),
        subscription: new GraphQLObjectType({
          name: 'Feeds',
          fields: { orderPlaced: { type: GraphQLString, subscribe: () => undefined } },
        }),
      });`,
    'src/server.ts': `
      import { ApolloServer } from '@apollo/server';
      import { startStandaloneServer } from '@apollo/server/standalone';
      import schema from './schema';
      startStandaloneServer(new ApolloServer({ schema }), { context: async ({ req }) => req });`,
  },
  'type-graphql': {
    'src/guard.ts': `
      export const needsUser = async ({ context }, next) => {
        if (!context.user) throw new Error('Not authenticated');
        return next();
      };`,
    'src/orders.ts': `
      import { Arg, Authorized, Mutation, Query, Resolver, Subscription, UseMiddleware } from 'type-graphql';
      import { audit } from '@example/audit';
      import { needsUser } from './guard';
      @Resolver()
      export class Orders {
        @Query(() => [String], { name: 'products' })
        list() { return []; }
        @Authorized()
        @Query(() => [String])
        orders() { return []; }
        @Mutation(() => String)
        @UseMiddleware(needsUser)
        placeOrder(@Arg('item') item: string) { return item; }
        @Mutation(() => String)
        @UseMiddleware(audit)
        wipe() { return ''; }
        @Subscription(() => String, { topics: 'placed' })
        orderPlaced() { return ''; }
      }`,
    'src/main.ts': `
      import { buildSchema } from 'type-graphql';
      import { Orders } from './orders';
      export const schema = buildSchema({ resolvers: [Orders], authChecker: ({ context }) => !!context.user });`,
  },
  pothos: {
    'src/builder.ts': `
      import SchemaBuilder from '@pothos/core';
      import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
      export const builder = new SchemaBuilder<{ Context: { user?: object } }>({ plugins: [ScopeAuthPlugin] });
      builder.queryType({});
      builder.mutationType({});`,
    'src/orders.ts': `
      import { audited } from '@example/audit';
      import { builder } from './builder';
      builder.queryField('products', t => t.stringList({ resolve: () => [] }));
      builder.queryFields(t => ({
        orders: t.field({ type: ['String'], authScopes: { signedIn: true }, resolve: () => [] }),
      }));
      builder.mutationFields(t => ({
        placeOrder: t.prismaField({
          type: 'Order',
          args: { item: t.arg.string() },
          resolve: (query, parent, { item }, context) => {
            if (!context.user) throw new Error('Sign in');
            return item;
          },
        }),
        wipe: t.string({ resolve: audited(() => '') }),
      }));
      builder.subscriptionType({ fields: t => ({ orderPlaced: t.string({ subscribe: () => feed(), resolve: one => one }) }) });
      function feed() {}`,
  },
  nexus: {
    'src/orders.ts': `
      import { extendType, mutationField, nonNull, queryField, stringArg, subscriptionType } from 'nexus';
      import { audited } from '@example/audit';
      export const ProductQuery = queryField('products', { type: 'String', resolve: () => '' });
      export const OrderQuery = extendType({
        type: 'Query',
        definition(t) {
          t.nonNull.list.field('orders', {
            type: 'String',
            authorize: (parent, args, context) => Boolean(context.user),
            resolve: () => [],
          });
        },
      });
      export const PlaceOrder = mutationField('placeOrder', {
        type: 'String',
        args: { item: nonNull(stringArg()) },
        resolve(parent, { item }, context) {
          if (!context.user) throw new Error('Sign in');
          return item;
        },
      });
      export const Wipe = mutationField(t => {
        t.string('wipe', { resolve: audited(() => '') });
      });
      export const Feed = subscriptionType({
        definition(t) {
          t.string('orderPlaced', { subscribe: () => undefined, resolve: one => one });
        },
      });`,
  },
};

for (const [dialect, files] of Object.entries(DIALECTS)) {
  const [framework] = dialect.split(' ');
  test(`${dialect} tells the story`, () => {
    const { model } = analyseTexts(new Map(Object.entries(files)));
    assert.deepEqual(model.fields.map(tell).sort(), STORY);
    for (const field of model.fields) {
      assert.equal(field.framework, framework);
      assert.equal(field.protocol, 'graphql');
      if (field.auth !== 'unknown') assert.equal(field.partial, undefined);
    }
  });
}

test('a global guard stands before fields, too, and a mark switches it off', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/main.ts',
        `
      import { Injectable, Module, SetMetadata, UnauthorizedException } from '@nestjs/common';
      import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
      import { GqlExecutionContext, Query, Resolver } from '@nestjs/graphql';
      import jwt from 'jsonwebtoken';
      const Open = () => SetMetadata('open', true);
      @Injectable()
      class Guard {
        constructor(private readonly reflector: Reflector) {}
        canActivate(context) {
          if (this.reflector.getAllAndOverride('open', [context.getHandler(), context.getClass()])) return true;
          const { req } = GqlExecutionContext.create(context).getContext();
          req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
          return true;
        }
      }
      @Resolver()
      class Things {
        @Query(() => String) secret() { return ''; }
        @Open() @Query(() => String) news() { return ''; }
      }
      @Module({ providers: [Things, { provide: APP_GUARD, useClass: Guard }] })
      class AppModule {}
      NestFactory.create(AppModule);`,
      ],
    ]),
  );
  assert.deepEqual(
    model.fields.map(field => `${tell(field)} ${field.isPublic ?? ''}`),
    ['QUERY secret auth=yes ', 'QUERY news auth=no marked @Open'],
  );
});

test('resolvers of a module that cannot be found are partial', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/things.ts',
        `import { Query, Resolver } from '@nestjs/graphql';
         @Resolver() export class Things { @Query(() => String) one() { return ''; } }`,
      ],
    ]),
  );
  assert.deepEqual(
    model.fields.map(({ path, partial }) => [path, partial]),
    [['one', 'the module that provides this resolver could not be resolved']],
  );
});

test('fields of root types that cannot be followed are told of, and those of two versions are apart', () => {
  const version = (number: number): [string, string] => [
    `src/v${number}.ts`,
    `import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
     import { more } from '@example/fields';
     const me = { type: GraphQLString, resolve: () => 'v${number}' };
     export const schema${number} = new GraphQLSchema({
       query: new GraphQLObjectType({ name: 'Query', fields: { ${number === 1 ? 'me' : 'me, ...more'} } }),
     });`,
  ];
  const { model } = analyseTexts(new Map([version(1), version(2)]));
  assert.deepEqual(
    model.fields.map(({ path, span, partial }) => [path, span.file, partial]),
    [
      ['me', 'src/v1.ts', undefined],
      ['me', 'src/v2.ts', undefined],
      ['{?}', 'src/v2.ts', 'its fields could not all be followed'],
    ],
  );
});

function tell({ method, path, auth }: Endpoint): string {
  return `${method} ${path} auth=${auth}`;
}
