import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const controller = (guard: string): string => `import { Controller, Get, UseGuards } from '@nestjs/common';
  import { AuthGuard } from '@nestjs/passport';
  @Controller('users') ${guard}
  export class UsersController { @Get() list() { return []; } }`;
const main = `import { NestFactory } from '@nestjs/core';
  import { Module } from '@nestjs/common';
  import { UsersController } from './users.controller';
  @Module({ controllers: [UsersController] }) class AppModule {}
  async function bootstrap() { const app = await NestFactory.create(AppModule); await app.listen(3000); }
  bootstrap();`;

function routes(texts: Record<string, string>): readonly string[] {
  const { model } = analyseTexts(new Map(Object.entries(texts)));
  return model.endpoints.map(one => `${one.method} ${one.path} ${one.span.file} ${one.auth}`);
}

suite('two applications of one package', () => {
  test('each have the route that both serve', () => {
    assert.deepEqual(
      routes({
        'admin/users.controller.ts': controller("@UseGuards(AuthGuard('jwt'))"),
        'admin/main.ts': main,
        'shop/users.controller.ts': controller(''),
        'shop/main.ts': main,
      }),
      ['GET /users admin/users.controller.ts yes', 'GET /users shop/users.controller.ts no'],
    );
  });

  test('that share a router have its route once, and one has what it registers twice once', () => {
    const router = `import { Router } from 'express';
      export const users = Router();
      users.get('/users', (req, res) => res.json([]));`;
    const server = `import express from 'express';
      import { users } from './users';
      const app = express();
      app.use(users);
      app.listen(3000);`;
    assert.deepEqual(routes({ 'users.ts': router, 'one.ts': server, 'two.ts': server }), ['GET /users users.ts no']);
    const twice = `import express from 'express';
      const app = express();
      app.get('/users', (req, res) => res.json([]));
      app.get('/users', (req, res) => res.json({}));`;
    assert.deepEqual(routes({ 'app.ts': twice }), ['GET /users app.ts no']);
  });
});
