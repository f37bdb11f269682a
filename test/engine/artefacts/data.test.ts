import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

describe('Prisma schema', () => {
  const { text } = sample('prisma/schema.prisma');
  const facts = readAs('prisma', 'prisma/schema.prisma', text);
  const [user, order] = facts.models;

  test('datasource and generator', () => {
    assert.equal(facts.datasources[0]?.provider?.value, 'postgresql');
    assert.equal(cut(text, facts.datasources[0]?.urlEnv), '"DATABASE_URL"');
    assert.equal(facts.datasources[0]?.urlLiteral, undefined);
    assert.deepEqual(facts.generators[0]?.binaryTargets, ['native', 'linux-musl-openssl-3.0.x']);
    const literal = readAs('prisma', 'a.prisma', 'datasource db {\n  url = "postgres://u:hunter2@h/d"\n}\n');
    assert.ok(literal.datasources[0]?.urlLiteral);
    assert.doesNotMatch(JSON.stringify(literal), /hunter2/);
  });

  test('fields with their places and attributes', () => {
    const [id, email, orders, role] = user?.fields ?? [];
    assert.equal(user?.table, 'users');
    assert.equal(id?.id, true);
    assert.deepEqual(
      id?.attributes.map(item => cut(text, item)),
      ['@id', `@default(dbgenerated("uuid(')')"))`, '@db.Uuid'],
    );
    assert.equal(id?.attributes[1]?.args, `dbgenerated("uuid(')')")`);
    assert.equal(cut(text, email?.name), 'email');
    assert.equal(cut(text, email?.type), 'String');
    assert.equal(email?.column, 'e_mail');
    assert.equal(email?.unique, true);
    assert.equal(orders?.list, true);
    assert.equal(role?.optional, true);
    assert.deepEqual(order?.fields[2]?.relation, {
      name: 'owner',
      fields: ['userId'],
      references: ['id'],
      onDelete: 'Cascade',
    });
  });

  test('indexes, with and without brackets', () => {
    assert.deepEqual(
      user?.indexes.map(({ type, fields }) => [type, ...fields]),
      [['index', 'role', 'email']],
    );
    assert.deepEqual(
      order?.indexes.map(({ type, fields }) => [type, ...fields]),
      [
        ['index', 'userId'],
        ['unique', 'id', 'userId'],
      ],
    );
    assert.equal(cut(text, order?.indexes[0]), '@@index(userId)');
    assert.deepEqual(facts.enums[0]?.values, ['ADMIN', 'USER']);
  });

  test('a broken line hides only itself', () => {
    const broken = 'model A {\n  id Int @id\n  x ??? y\n  b String\n  @@index([b])\n}\nmodel B {\n  id Int @id\n}\n';
    const { models, problems } = readAs('prisma', 'a.prisma', broken);
    assert.deepEqual(
      models.map(model => model.fields.map(field => field.name.value)),
      [['id', 'b'], ['id']],
    );
    assert.equal(cut(broken, models[0]?.indexes[0]), '@@index([b])');
    assert.equal(problems.length, 1);
  });
});

describe('SQL', () => {
  const { path, text } = sample('supabase/migrations/1_init.sql');
  const { statements } = readAs('sql', path, text);
  const of = (type: string) => statements.find(statement => statement.type === type);

  test('statements are split outside of strings, comments and dollar quotes', () => {
    assert.deepEqual(
      statements.map(statement => statement.type),
      [
        'create-table',
        'enable-rls',
        'create-policy',
        'create-function',
        'create-index',
        'alter-table',
        'grant',
        'revoke',
        'create-view',
        'do',
        'drop-table',
        'insert',
      ],
    );
    assert.equal(cut(text, statements.at(-1)), "insert into notes values ('it''s; fine')");
  });

  test('tables and columns', () => {
    const table = of('create-table');
    assert.equal(table?.schema, 'public');
    assert.equal(table?.name?.value, 'Notes');
    assert.equal(cut(text, table?.name), 'public."Notes"');
    assert.equal(table?.ifNotExists, true);
    assert.deepEqual(table?.columns, [
      { name: 'id', type: 'uuid' },
      { name: 'owner', type: 'uuid', references: 'auth.users' },
      { name: 'price', type: 'numeric(10, 2)' },
      { name: 'body', type: 'text' },
    ]);
    assert.equal(of('enable-rls')?.name?.value, 'Notes');
    assert.equal(of('drop-table')?.schema, 'legacy');
  });

  test('policies', () => {
    const policy = of('create-policy')?.policy;
    assert.equal(policy?.name.value, 'read own');
    assert.equal(policy?.command, 'select');
    assert.deepEqual(policy?.roles, ['authenticated', 'anon']);
    assert.equal(cut(text, policy?.using), '(select auth.uid()) = owner');
    assert.equal(cut(text, policy?.check), 'true');
    const bare = readAs('sql', 'a.sql', 'create policy p on t using (true);').statements[0]?.policy;
    assert.deepEqual(
      [bare?.command, bare?.roles, bare?.permissive, bare?.using?.value, bare?.check],
      ['all', [], true, 'true', undefined],
    );
  });

  test('indexes, alterations, grants, functions, views', () => {
    assert.deepEqual(of('create-index')?.index, {
      unique: true,
      concurrently: true,
      columns: ['owner', 'id'],
      indexName: 'notes_owner',
    });
    assert.deepEqual(
      of('alter-table')?.actions?.map(({ action, column, to }) => [action, column ?? to]),
      [
        ['add-column', 'phone'],
        ['drop-column', 'old_one'],
        ['set-not-null', 'owner'],
        ['rename-table', 'memos'],
      ],
    );
    const grant = of('grant')?.grant;
    assert.deepEqual(grant?.privileges, ['select', 'insert']);
    assert.deepEqual(grant?.roles, ['anon', 'authenticated']);
    assert.deepEqual(values(grant?.objects), ['Notes', 'logs']);
    assert.equal(of('revoke')?.grant?.allTables, true);
    assert.equal(of('revoke')?.schema, 'public');
    assert.equal(of('create-function')?.securityDefiner, true);
    assert.equal(of('create-function')?.searchPathSet, true);
    assert.equal(of('create-view')?.securityInvoker, true);
  });
});
