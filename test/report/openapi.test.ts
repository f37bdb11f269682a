import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { validate } from '@scalar/openapi-parser';
import { renderOpenapi } from '../../src/report/routes-openapi.ts';
import type { RouteDescription, RouteInfo } from '../../src/session/api.ts';
import { createSession } from '../../src/session/session.ts';
import { folderWith } from '../harness/cli.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { schema: Record<string, unknown> }> };
  readonly responses: Record<string, object>;
  readonly security?: readonly object[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components?: { readonly securitySchemes: Record<string, object> };
  readonly 'x-underpin-left-out'?: readonly string[];
}

async function valid(text: string): Promise<Document> {
  const { valid: isValid, errors, specification } = await validate(text);
  assert.deepEqual(errors ?? [], []);
  assert.equal(isValid, true);
  assert.equal(specification?.['openapi'], '3.1.1');
  return JSON.parse(text) as Document;
}

async function documentOf(root: string): Promise<Document> {
  const session = createSession({ root });
  const document = await valid(renderOpenapi(await session.descriptions(), 'api'));
  session.dispose();
  return document;
}

function described(method: string, path: string, over: Partial<RouteInfo> = {}): RouteDescription {
  const span = { file: 'src/app.ts', start: 0, end: 1 };
  const route: RouteInfo = {
    id: `${method} ${path}`,
    method,
    path,
    framework: 'express',
    unit: '',
    span,
    verdicts: { auth: 'no', authorization: 'no', validation: 'no', rateLimit: 'no' },
    input: {},
    roles: [],
    steps: [],
    proof: [],
    queries: [],
    calls: [],
    ...over,
  };
  return { route, input: {}, statuses: [] };
}

suite('documents of the sample backends are valid', () => {
  for (const name of ['express-shop', 'nest-service', 'serverless-edge'])
    test(name, async () => {
      await documentOf(fileURLToPath(new URL(`../projects/${name}`, import.meta.url)));
    });
});

test('paths are templated, one spelling for each, and what cannot be described is named', async () => {
  const document = await valid(
    renderOpenapi(
      [
        described('GET', '/orders/:id(\\d+)/items/:id'.replace('(\\d+)', '')),
        described('POST', '/orders/:order/items/:item'),
        described('ALL', '/files/*'),
        described('GET', '/a/[...slug]'),
        described('GET', '/b/{name}'),
        described('SUBSCRIBE', 'Query.orders'),
        described('GET', '/x', { partial: 'prefix unknown' }),
      ],
      'shop',
    ),
  );
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/a/{slug}',
    '/b/{name}',
    '/files/{rest}',
    '/orders/{id}/items/{id2}',
  ]);
  assert.deepEqual(Object.keys(document.paths['/orders/{id}/items/{id2}'] ?? {}), ['get', 'post']);
  assert.deepEqual(Object.keys(document.paths['/files/{rest}'] ?? {}), ['get', 'put', 'post', 'delete']);
  assert.deepEqual(document['x-underpin-left-out'], ['GET /x', 'SUBSCRIBE Query.orders']);
});

test('bodies and queries come from the schemas that check them', async t => {
  const root = folderWith(t, {
    'package.json': '{ "name": "x", "type": "module", "dependencies": { "express": "5.1.0", "zod": "3.25.0" } }',
    'src/validate.ts': `export const validate = schema => (req, res, next) => {
  const result = schema.safeParse(req.body);
  if (!result.success) return res.status(422).json({});
  req.body = result.data;
  next();
};
`,
    'src/app.ts': `import express from 'express';
import { z } from 'zod';
import { validate } from './validate.ts';

const Address = z.object({ street: z.string().min(1).max(80), zip: z.string().regex(/^\\d+$/).optional() });
const Order = z.object({
  id: z.number().int().positive(),
  items: z.array(z.string()).min(1),
  kind: z.enum(['a', 'b']).default('a'),
  address: Address,
  note: z.string().nullable(),
}).strict();
const app = express();
app.post('/orders', validate(Order), (req, res) => res.status(201).json(req.body));
app.patch('/orders/:id', validate(Order.pick({ note: true }).extend({ at: z.string().datetime() })), (req, res) => res.end());
app.get('/orders', (req, res) => {
  const { page } = z.object({ page: z.coerce.number().default(1), sort: z.union([z.literal('up'), z.literal('down')]) }).parse(req.query);
  res.json({ page });
});
app.listen(3000);
`,
  });
  const { paths } = await documentOf(root);
  const post = paths['/orders']?.['post'];
  assert.deepEqual(post?.requestBody?.content['application/json']?.schema, {
    type: 'object',
    properties: {
      id: { type: 'integer', exclusiveMinimum: 0 },
      items: { type: 'array', items: { type: 'string' }, minItems: 1 },
      kind: { enum: ['a', 'b'], default: 'a' },
      address: {
        type: 'object',
        properties: {
          street: { type: 'string', minLength: 1, maxLength: 80 },
          zip: { type: 'string', pattern: '^\\d+$' },
        },
        required: ['street'],
      },
      note: { type: ['string', 'null'] },
    },
    required: ['id', 'items', 'address', 'note'],
    additionalProperties: false,
  });
  assert.ok(post.responses['201']);
  assert.deepEqual(paths['/orders/{id}']?.['patch']?.requestBody?.content['application/json']?.schema, {
    type: 'object',
    properties: { note: { type: ['string', 'null'] }, at: { type: 'string', format: 'date-time' } },
    required: ['note', 'at'],
    additionalProperties: false,
  });
  assert.deepEqual(paths['/orders']?.['get']?.parameters, [
    { name: 'page', in: 'query', schema: { type: 'number', default: 1 } },
    { name: 'sort', in: 'query', required: true, schema: { anyOf: [{ const: 'up' }, { const: 'down' }] } },
  ]);
});

test('a DTO class gives the body, and a guard the security with its roles', async t => {
  const root = folderWith(t, {
    'package.json':
      '{ "name": "x", "dependencies": { "express": "5.1.0", "@nestjs/common": "11.0.0", "@nestjs/core": "11.0.0" } }',
    'src/dto.ts': `import { PartialType } from '@nestjs/mapped-types';
import { IsEmail, IsInt, IsOptional, Max, MinLength } from 'class-validator';

export enum Kind { Big = 'big', Small = 'small' }
export class Base { @IsEmail() email: string; }
export class CreateUser extends Base {
  @MinLength(2) name: string;
  @IsOptional() @IsInt() @Max(120) age?: number;
  kind: Kind;
  tags: string[];
}
export class UpdateUser extends PartialType(CreateUser) {}
`,
    'src/main.ts': `import { Body, Controller, HttpCode, Module, Param, Patch, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CreateUser, UpdateUser } from './dto';

@Controller('users')
class UsersController {
  @Post() create(@Body() body: CreateUser) { return body; }
  @Patch(':id') @HttpCode(204) update(@Param('id') id: string, @Body() body: UpdateUser) { return body; }
}
@Module({ controllers: [UsersController] })
class AppModule {}
NestFactory.create(AppModule).then(app => app.listen(3000));
`,
  });
  const { paths } = await documentOf(root);
  const properties = {
    email: { type: 'string', format: 'email' },
    name: { type: 'string', minLength: 2 },
    age: { type: 'integer', maximum: 120 },
    kind: { enum: ['big', 'small'] },
    tags: { type: 'array', items: { type: 'string' } },
  };
  const schemaOf = (operation: Operation | undefined) => operation?.requestBody?.content['application/json']?.schema;
  assert.deepEqual(schemaOf(paths['/users']?.['post']), {
    type: 'object',
    properties,
    required: ['email', 'name', 'kind', 'tags'],
  });
  assert.ok(paths['/users']?.['post']?.responses['201'], 'what Nest answers to POST');
  assert.deepEqual(schemaOf(paths['/users/{id}']?.['patch']), { type: 'object', properties });
  assert.deepEqual(Object.keys(paths['/users/{id}']?.['patch']?.responses ?? {}), ['204']);
});

test('security names the credential that the guard reads', async t => {
  const guard = (name: string, read: string): string => `function ${name}(req, res, next) {
  if (${read} !== process.env.KEY) return res.status(401).end();
  next();
}
`;
  const root = folderWith(t, {
    'package.json': '{ "name": "x", "type": "module", "dependencies": { "express": "5.1.0" } }',
    'src/app.ts': `import express from 'express';
${guard('byKey', "req.headers['x-api-key']")}${guard('byCookie', 'req.cookies.sid')}${guard('byCall', "req.get('Partner-Token')")}
const app = express();
app.get('/key', byKey, (req, res) => res.end());
app.get('/cookie', byCookie, (req, res) => res.end());
app.get('/call', byCall, (req, res) => res.end());
app.get('/open', (req, res) => res.end());
app.listen(3000);
`,
  });
  const { paths, components } = await documentOf(root);
  assert.deepEqual(components?.securitySchemes, {
    'cookie-sid': { type: 'apiKey', in: 'cookie', name: 'sid' },
    'header-Partner-Token': { type: 'apiKey', in: 'header', name: 'Partner-Token' },
    'header-x-api-key': { type: 'apiKey', in: 'header', name: 'x-api-key' },
  });
  assert.deepEqual(paths['/key']?.['get']?.security, [{ 'header-x-api-key': [] }]);
  assert.deepEqual(paths['/open']?.['get']?.security, []);
});

test('lists of values, single fields of a body and bodies of DELETE are described', async t => {
  const document = await documentOf(
    folderWith(t, {
      'kinds.ts': "export enum Kind { A = 'a', B = 'b' }\nexport const SORTS = ['asc', 'desc'] as const;",
      'things.ts': `import { NestFactory } from '@nestjs/core';
        import { Body, Controller, Delete, Module, Param, Post, Put } from '@nestjs/common';
        import { IsEnum, IsIn, IsString } from 'class-validator';
        import { Kind, SORTS } from './kinds';
        class Thing {
          @IsIn(SORTS) sort;
          @IsEnum(Kind) kind: Kind;
          @IsIn(['p', 'q'], { each: true }) tags: string[];
        }
        class Note { @IsString() text: string; }
        @Controller('things')
        class Things {
          @Post() create(@Body() thing: Thing, @Body() note: Note) { return [thing, note]; }
          @Put() change(@Body('name') name: string, @Body('age') age: number) { return { name, age }; }
          @Delete() remove(@Body() note: Note) { return note; }
          @Delete(':id') removeOne(@Param('id') id: string) { return id; }
        }
        @Module({ controllers: [Things] }) class AppModule {}
        NestFactory.create(AppModule).then(app => app.listen(3000));`,
      'orders.ts': `import fastify from 'fastify';
        import { Type } from '@sinclair/typebox';
        import { Kind } from './kinds';
        const server = fastify();
        const body = Type.Object({ kind: Type.Enum(Kind), meta: Type.Record(Type.String(), Type.Number()) });
        server.post('/orders', { schema: { body } }, async () => ({}));
        server.listen({ port: 3001 });`,
    }),
  );
  const bodyOf = (path: string, method: string): Record<string, unknown> | undefined =>
    document.paths[path]?.[method]?.requestBody?.content['application/json']?.schema;
  assert.deepEqual(bodyOf('/things', 'post'), {
    type: 'object',
    properties: {
      sort: { enum: ['asc', 'desc'] },
      kind: { enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string', enum: ['p', 'q'] } },
      text: { type: 'string' },
    },
    required: ['sort', 'kind', 'tags', 'text'],
  });
  assert.deepEqual(bodyOf('/things', 'put'), {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'number' } },
  });
  assert.deepEqual(bodyOf('/things', 'delete')?.['properties'], { text: { type: 'string' } });
  assert.equal(document.paths['/things/{id}']?.['delete']?.requestBody, undefined);
  assert.deepEqual(bodyOf('/orders', 'post')?.['properties'], {
    kind: { enum: ['a', 'b'] },
    meta: { type: 'object', additionalProperties: { type: 'number' } },
  });
});
