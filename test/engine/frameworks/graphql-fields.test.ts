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
};

for (const [framework, files] of Object.entries(DIALECTS)) {
  test(`${framework} tells the story`, () => {
    const { model } = analyseTexts(new Map(Object.entries(files)));
    assert.deepEqual(model.fields.map(tell).sort(), STORY);
    for (const field of model.fields) {
      assert.equal(field.framework, framework);
      assert.equal(field.partial, undefined);
      assert.equal(field.protocol, 'graphql');
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

function tell({ method, path, auth }: Endpoint): string {
  return `${method} ${path} auth=${auth}`;
}
