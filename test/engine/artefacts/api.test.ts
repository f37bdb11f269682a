import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

describe('OpenAPI', () => {
  const { text } = sample('openapi.yaml');
  const facts = readAs('openapi', 'openapi.yaml', text);
  const [getOrder, putOrder] = facts.operations;

  test('servers, operations, references within the file', () => {
    assert.equal(facts.version.value, '3.1.0');
    assert.equal(facts.servers[0]?.basePath, '/api/v2');
    assert.deepEqual(
      facts.operations.map(({ method, path }) => `${method.value} ${path.value}`),
      ['GET /orders/{id}', 'PUT /orders/{id}'],
    );
    assert.equal(cut(text, getOrder?.method), 'get');
    assert.equal(cut(text, getOrder?.operationId), 'getOrder');
    assert.deepEqual(values(getOrder?.responses), ['200', '404']);
    assert.deepEqual(
      getOrder?.parameters.map(({ name, in: place, required, type }) => [name.value, place, required, type?.value]),
      [['id', 'path', true, 'string']],
    );
    assert.equal(putOrder?.requestBody?.required, true);
    assert.deepEqual(putOrder?.requestBody?.contentTypes, ['application/json']);
    assert.equal(putOrder?.requestBody?.schemaRef, '#/components/schemas/Order');
    assert.deepEqual(
      putOrder?.requestBody?.properties.map(({ name, required, type }) => [name, required, type?.value]),
      [
        ['sku', true, 'string'],
        ['note', false, 'string'],
      ],
    );
    assert.equal(facts.unresolvedRefs, 1);
    assert.ok(cut(text, getOrder)?.startsWith('get:\n      operationId'));
  });

  test('security: none stated, explicitly open, required', () => {
    assert.deepEqual(
      facts.security?.map(item => item.schemes),
      [['bearer']],
    );
    assert.deepEqual(getOrder?.security, []);
    assert.equal(putOrder?.security, undefined);
    assert.equal(facts.securitySchemes[0]?.scheme?.value, 'bearer');
  });

  test('Swagger 2 in JSON, and references in a circle', () => {
    const swagger = readAs(
      'openapi',
      'api.json',
      '{"swagger":"2.0","basePath":"/v1/","consumes":["application/json"],"paths":{"/a":{"post":{"parameters":[{"in":"body","name":"b","schema":{"properties":{"x":{}}}}]}},"/loop":{"$ref":"#/paths/~1loop"}}}',
    );
    assert.equal(swagger.servers[0]?.basePath, '/v1');
    assert.deepEqual(swagger.operations[0]?.requestBody?.contentTypes, ['application/json']);
    assert.deepEqual(swagger.operations[0]?.requestBody?.properties, [{ name: 'x', required: false }]);
    assert.equal(swagger.unresolvedRefs, 1);
  });
});

describe('GraphQL schema', () => {
  const { text } = sample('schema.graphql');
  const facts = readAs('graphql-sdl', 'schema.graphql', text);
  const type = (name: string) => facts.types.find(item => item.name.value === name && !item.extension);

  test('root types, fields, arguments, directives', () => {
    assert.deepEqual([facts.query, facts.mutation, facts.subscription], ['RootQuery', 'Mutation', 'Subscription']);
    const users = type('RootQuery')?.fields[0];
    assert.deepEqual([users?.typeName, users?.list, users?.nonNull], ['User', true, true]);
    assert.deepEqual(
      users?.args.map(({ name, typeName, list, nonNull }) => [name.value, typeName, list, nonNull]),
      [
        ['first', 'Int', false, true],
        ['tags', 'String', true, false],
      ],
    );
    assert.deepEqual(type('RootQuery')?.fields[1]?.directives[0]?.args, [{ name: 'role', text: '"user"' }]);
    assert.equal(cut(text, users?.name), 'users');
    assert.deepEqual(type('User')?.interfaces, ['Node']);
    assert.deepEqual(values(type('Hit')?.members), ['User', 'Post']);
    assert.deepEqual(values(type('Role')?.members), ['ADMIN', 'USER']);
    assert.equal(facts.types.filter(item => item.extension).length, 1);
    assert.deepEqual(values(facts.directives), ['auth']);
  });

  test('recursion through other types', () => {
    assert.equal(type('User')?.fields.find(field => field.name.value === 'posts')?.recursive, true);
    assert.equal(type('Post')?.fields.find(field => field.name.value === 'author')?.recursive, true);
    assert.equal(type('RootQuery')?.fields[0]?.recursive, false);
    assert.equal(type('User')?.fields.find(field => field.name.value === 'role')?.recursive, false);
  });

  test('one mistake does not hide the other types', () => {
    const broken = '"""d"""\ntype A { x: Int }\n\n"""e"""\ntype B { y: }\n\n"f"\ntype C { z: A }\n';
    const { types, problems } = readAs('graphql-sdl', 'a.graphql', broken);
    assert.deepEqual(
      types.map(item => item.name.value),
      ['A', 'C'],
    );
    assert.equal(cut(broken, types[1]?.fields[0]), 'z: A');
    assert.equal(cut(broken, problems[0]), 'type B { y: }\n\n"f"');
  });
});
