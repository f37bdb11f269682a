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

  test('MySQL2: promise pools and callbacks', () => {
    reads(
      {
        'a.js': `const mysql = require('mysql2/promise');
const pool = mysql.createPool({});
async function f(id) {
  await pool.execute('SELECT a FROM t WHERE id = ?', [id]);
  await pool.query({ sql: 'SELECT ' + id }, []);
  const connection = await pool.getConnection();
  await connection.query('DELETE FROM t', (error, rows) => rows);
}`,
      },
      [
        'db-client createPool',
        `sql read-many text='SELECT a FROM t WHERE id = ?' values=[id]`,
        `sql read-many text='SELECT ' + id values=[]`,
        `sql delete tx text='DELETE FROM t'`,
      ],
    );
  });

  test('Knex: tables, raw parts, transactions', () => {
    reads(
      {
        'a.ts': `import knex, { type Knex } from 'knex';
const db = knex({ client: 'pg' });
export const one = (id: string) => db('users').where({ id }).first();
export const all = (order: string) => db.select('*').from('users').orderByRaw(order).limit(5);
export const move = () => db.transaction(async trx => {
  await trx('a').insert({ a: 1 });
  await db('b').where('id', 2).update({ b: 1 });
  await db('c').transacting(trx).del();
});
export const raw = (trx: Knex.Transaction, id: string) => trx.raw('SELECT ' + id);`,
      },
      [
        'db-client knex',
        'db read-one users lazy where={ id }',
        'db read-many users limited lazy',
        'sql fragment text=order',
        'transaction',
        'db create a tx lazy data={ a: 1 }',
        `db update b lazy where='id' data={ b: 1 }`,
        'db delete c tx lazy',
        `sql read-many tx text='SELECT ' + id`,
      ],
    );
  });

  test('Drizzle: builders, relational queries, transactions', () => {
    reads(
      {
        'a.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import { eq, sql } from 'drizzle-orm';
import { users } from './schema';
const db = drizzle(process.env.DATABASE_URL!);
export const one = (id: string) => db.select().from(users).where(eq(users.id, id)).limit(1);
export const all = () => db.query.users.findMany({ where: { a: 1 } });
export const move = () => db.transaction(async tx => {
  await tx.insert(users).values({ a: 1 });
  await db.delete(users).where(eq(users.id, 1));
});
export const part = (text: string) => sql.raw(text);`,
      },
      [
        'db read-many users limited lazy where=eq(users.id, id)',
        'db read-many users lazy where={ a: 1 }',
        'transaction',
        'db create users tx lazy data={ a: 1 }',
        'db delete users lazy where=eq(users.id, 1)',
        'sql fragment text=text',
      ],
    );
  });

  test('Sequelize: defined models, classes, managed transactions, sync', () => {
    reads(
      {
        'a.js': `const { Sequelize, Model } = require('sequelize');
const sequelize = new Sequelize('sqlite::memory:');
const User = sequelize.define('User', {});
class Post extends Model {}
async function f(id) {
  await User.findByPk(id);
  await Post.findAll({ where: { id }, limit: 5 });
  await sequelize.transaction(async t => {
    await User.create({ id }, { transaction: t });
    await User.destroy({ where: { id } });
  });
  await sequelize.query('SELECT ' + id);
  await sequelize.sync({ force: true });
}`,
      },
      [
        'db-client Sequelize',
        'db read-one User where=id',
        'db read-many Post limited where={ id }',
        'transaction',
        'db create User tx data={ id }',
        'db delete User where={ id }',
        `sql read-many text='SELECT ' + id`,
        'schema-sync force flag=true',
      ],
    );
  });

  test('MongoDB driver: a database handed to the start-up callback', () => {
    reads(
      {
        'server.js': `const express = require('express');
const { MongoClient } = require('mongodb');
const users = require('./users');
const app = express();
MongoClient.connect('mongodb://db', (err, db) => users(app, db));`,
        'users.js': `module.exports = function users(app, db) {
  const collection = db.collection('users');
  app.get('/one', req => collection.findOne({ name: req.query.name }));
  app.get('/all', req => collection.find(req.query).limit(3).toArray());
};`,
      },
      [
        'db-client MongoClient.connect',
        'db read-one where={ name: req.query.name }',
        'db read-many limited lazy where=req.query',
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
