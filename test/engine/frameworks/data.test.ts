import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import type { Operation, OperationKind } from '../../../src/engine/link/operations.ts';
import { analyseTexts } from '../../harness/workspace.ts';

/** Each library's own code, and what it is seen to do: `kind action model tx …: argument texts`. */
const KINDS: readonly OperationKind[] = ['db', 'sql', 'db-client', 'transaction', 'schema-sync'];

suite('data libraries', () => {
  test('Prisma: a service that is a client, raw SQL, a transaction', () => {
    reads(
      {
        'db.ts': `import { PrismaClient } from '@prisma/client';
export class Db extends PrismaClient {}`,
        'users.ts': `import { Db } from './db';
export class Users {
  constructor(private readonly db: Db) {}
  list(q: string) { return this.db.user.findMany({ where: { q }, take: 10 }); }
  one(id: string) { return this.db.user.findUnique({ where: { id } }); }
  raw(q: string) { return this.db.$queryRawUnsafe('SELECT ' + q, 1); }
  safe(q: string) { return this.db.$queryRaw\`SELECT \${q}\`; }
  move() { return this.db.$transaction(async tx => { await tx.user.update({ where: { id: 1 }, data: { a: 1 } }); await this.db.log.create({ data: {} }); }); }
}`,
      },
      [
        'db read-many user limited lazy where={ q }',
        'db read-one user lazy batched where={ id }',
        `sql read-many text='SELECT ' + q values=1`,
        'transaction',
        'db update user tx lazy where={ id: 1 } data={ a: 1 }',
        'db create log lazy data={}',
      ],
    );
  });

  test('Prisma: the client kept on the global object, and a generated client', () => {
    reads(
      {
        'db.ts': `import { PrismaClient } from './generated/prisma/client.js';
const kept = globalThis as unknown as { prisma?: PrismaClient };
export const prisma = kept.prisma ?? new PrismaClient();
if (process.env.NODE_ENV !== 'production') kept.prisma = prisma;`,
        'a.ts': `import { prisma } from './db.js';
export const count = () => prisma.user.count();`,
      },
      ['db count user lazy', 'db-client PrismaClient'],
    );
  });

  test('node-postgres: a pool, a checked-out client, query objects', () => {
    reads(
      {
        'a.js': `const { Pool } = require('pg');
const pool = new Pool();
async function f(id) {
  await pool.query('SELECT * FROM t WHERE id = $1', [id]);
  await pool.query({ text: \`DELETE FROM t WHERE id = \${id}\`, values: [] });
  await pool.query('BEGIN');
  const client = await pool.connect();
  await client.query('UPDATE t SET a = 1');
}
pool.connect((error, client) => client.query('INSERT INTO t VALUES (1)'));`,
      },
      [
        'db-client Pool',
        `sql read-many text='SELECT * FROM t WHERE id = $1' values=[id]`,
        'sql delete text=`DELETE FROM t WHERE id = ${id}` values=[]',
        `sql text='BEGIN'`,
        `transaction pooled text='BEGIN'`,
        `sql update tx text='UPDATE t SET a = 1'`,
        `sql create tx text='INSERT INTO t VALUES (1)'`,
      ],
    );
  });

  test('TypeORM: injected repositories, builders, transactions, synchronize', () => {
    reads(
      {
        'a.ts': `import { DataSource, Repository } from 'typeorm';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
export const source = new DataSource({ type: 'postgres', synchronize: true });
TypeOrmModule.forRootAsync({ useFactory: () => ({ dropSchema: true }) });
export class Users {
  constructor(@InjectRepository(User) private readonly users: Repository<User>, private readonly db: DataSource) {}
  all() { return this.users.find({ where: { a: 1 } }); }
  find(name: string) { return this.users.createQueryBuilder('u').where('u.name = ' + name).take(3).getMany(); }
  move(user: User) {
    return this.db.transaction(async manager => {
      await manager.save(user);
      await manager.getRepository(User).delete(1);
      await this.users.save(user);
      await manager.query('SELECT 1');
    });
  }
}`,
      },
      [
        'db-client DataSource',
        'schema-sync synchronize flag=true',
        'schema-sync dropSchema flag=true',
        'db read-many where={ a: 1 }',
        `db read-many limited where=this.users.createQueryBuilder('u').where('u.name = ' + name).take(3)`,
        `sql fragment text='u.name = ' + name`,
        'transaction',
        'db upsert tx data=user',
        'db delete tx where=1',
        'db upsert data=user',
        `sql read-many tx text='SELECT 1'`,
      ],
    );
  });

  test('Mongoose: models, injected models, documents, sessions', () => {
    reads(
      {
        'user.js': `const mongoose = require('mongoose');
module.exports = mongoose.model('User', new mongoose.Schema({}));`,
        'a.js': `const User = require('./user');
const mongoose = require('mongoose');
async function f(id) {
  await User.find({ id }).sort('a').limit(5);
  await User.findById(id);
  await new User({ id }).save();
  const session = await mongoose.startSession();
  await session.withTransaction(async () => {
    await User.updateOne({ id }, { a: 1 }, { session });
    await User.deleteMany({ id }).session(session);
    await User.create({ id });
  });
}`,
        'b.ts': `import { Model } from 'mongoose';
export class Users {
  constructor(@InjectModel('User') private model: Model<User>) {}
  count(q: unknown) { return this.model.countDocuments(q); }
}`,
      },
      [
        'db read-many User limited lazy where={ id }',
        'db read-one User lazy where=id',
        'db upsert data=new User({ id })',
        'transaction',
        'db update User tx lazy where={ id } data={ a: 1 }',
        'db delete User tx lazy where={ id }',
        'db create User data={ id }',
        'db count model lazy where=q',
      ],
    );
  });
});

function reads(files: Readonly<Record<string, string>>, wanted: readonly string[]): void {
  const texts = new Map(Object.entries(files));
  const { model } = analyseTexts(texts);
  const show = ({ kind, is, args }: Operation): string => {
    const flags = ['limited', 'tx', 'lazy', 'batched', 'fragment', 'pooled'].filter(name => is[name] === true);
    const names = [is['action'], is['model'] ?? is['name'] ?? is['what']].filter(one => one !== undefined);
    const given = ['flag', 'text', 'values', 'where', 'data'].flatMap(name => {
      const span = args[name]?.span;
      return span ? [`${name}=${texts.get(span.file)!.slice(span.start, span.end)}`] : [];
    });
    return [kind, ...names, ...flags, ...given].join(' ');
  };
  const found = model.operations(...KINDS).map(show);
  assert.deepEqual([...found].sort(), [...wanted].sort());
}
