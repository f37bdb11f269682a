import assert from 'node:assert/strict';
import test from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)));
  return model.endpoints
    .map(({ method, path, auth, partial }) => `${method} ${path} auth=${auth}${partial ? ' partial' : ''}`)
    .sort();
}

const CONTROLLER = `
  import { Authorized, CurrentUser, Get, JsonController, Method } from 'routing-controllers';
  @JsonController('/pets')
  export class Pets {
    @Get('/:id') one() { return {}; }
    @Get('/mine/all') mine(@CurrentUser({ required: true }) user: object) { return user; }
    @Method('REPORT', '/odd') odd() { return {}; }
    @Authorized(['admin']) @Get('/secret') secret() { return {}; }
  }`;

test('routing-controllers: a server with a prefix, and what its decorators let in', () => {
  const found = routes({
    'src/pets.ts': CONTROLLER,
    'src/app.ts': `
      import { createExpressServer } from 'routing-controllers';
      import { Pets } from './pets.js';
      createExpressServer({ routePrefix: '/api', controllers: [Pets] }).listen(3000);`,
  });
  assert.deepEqual(found, [
    'GET /api/pets/:id auth=no',
    'GET /api/pets/mine/all auth=yes',
    'GET /api/pets/secret auth=yes',
    'REPORT /api/pets/odd auth=no',
  ]);
});

test('routing-controllers: a class that no server names has no routes, one of an unseen server is partial', () => {
  const other = `
    import { createExpressServer } from 'routing-controllers';
    class Others {}
    createExpressServer({ controllers: [Others] }).listen(3000);`;
  assert.deepEqual(routes({ 'src/pets.ts': CONTROLLER, 'src/app.ts': other }), []);
  assert.ok(routes({ 'src/pets.ts': CONTROLLER }).every(one => one.endsWith('partial')));
});

test('routing-controllers: middleware classes run for every route', () => {
  const found = routes({
    'src/guard.ts': `
      import { Middleware } from 'routing-controllers';
      import jwt from 'jsonwebtoken';
      @Middleware({ type: 'before' })
      export class Guard {
        use(request, response, next) {
          try {
            jwt.verify(request.headers.authorization, process.env.JWT_SECRET);
          } catch {
            return response.status(401).end();
          }
          next();
        }
      }`,
    'src/app.ts': `
      import { createExpressServer, Get, JsonController } from 'routing-controllers';
      @JsonController()
      class Pets {
        @Get('/pets') list() { return []; }
      }
      createExpressServer({ controllers: [Pets] }).listen(3000);`,
  });
  assert.deepEqual(found, ['GET /pets auth=yes']);
});

test('tsoa: generated routes that lie in the workspace are mounted where they are registered', () => {
  const found = routes({
    'src/routes.ts': '/* This file was generated with tsoa: do not edit. */\nexport function RegisterRoutes(app) {}',
    'src/pets.ts': `
      import { Get, Path, Route, Security } from '@tsoa/runtime';
      @Route('pets')
      export class Pets {
        @Get('{id}') public one(@Path() id: string) { return id; }
        @Get() @Security('jwt', ['admin']) public all() { return []; }
      }`,
    'src/app.ts': `
      import express from 'express';
      import { RegisterRoutes } from './routes.js';
      const app = express();
      const v1 = express.Router();
      RegisterRoutes(v1);
      app.use('/v1', v1);
      app.listen(3000);`,
  });
  assert.deepEqual(found, ['GET /v1/pets auth=yes', 'GET /v1/pets/:id auth=no']);
});

test('inversify-express-utils: a root path, a constant of the container, and a guard nobody bound', () => {
  const found = routes({
    'src/pets.ts': `
      import { controller, httpGet, httpMethod, requestParam } from 'inversify-express-utils';
      @controller('/pets', 'Guard')
      export class Pets {
        @httpGet('/:id') one(@requestParam('id') id: string) { return { id }; }
        @httpMethod('REPORT', '/odd') odd() { return {}; }
      }
      @controller('/others')
      export class Others {
        @httpGet('/', 'Unbound') all() { return []; }
        @httpGet('/open') open() { return []; }
      }`,
    'src/app.ts': `
      import { Container } from 'inversify';
      import { BaseMiddleware, InversifyExpressServer } from 'inversify-express-utils';
      import jwt from 'jsonwebtoken';
      import './pets.js';
      class Guard extends BaseMiddleware {
        constructor(private readonly key: string) { super(); }
        handler(request, response, next) {
          try {
            jwt.verify(request.headers.authorization, this.key);
          } catch {
            return response.status(401).end();
          }
          next();
        }
      }
      async function start() {
        const container = new Container();
        container.bind<Guard>('Guard').toConstantValue(new Guard(process.env.JWT_SECRET));
        const server = new InversifyExpressServer(container, null, { rootPath: '/api' });
        server.build().listen(3000);
      }
      void start();`,
  });
  assert.deepEqual(found, [
    'GET /api/others auth=unknown',
    'GET /api/others/open auth=no',
    'GET /api/pets/:id auth=yes',
    'REPORT /api/pets/odd auth=yes',
  ]);
});
