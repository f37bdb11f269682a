import { stringOf } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { isWithin, membersOf, sqlCall } from './shared/data.ts';

const PROMISE_METHODS =
  'query any none one oneOrNone many manyOrNone result multi multiResult each map stream func proc';

export const pg = defineAdapter({
  id: 'pg',
  title: 'node-postgres',
  docs: 'https://node-postgres.com/apis/client',
  packages: ['pg', 'pg-pool', 'pg-promise', 'postgres', '@neondatabase/serverless', '@vercel/postgres'],
  aliases: {
    'pg-pool': 'pg.Pool',
    'pg.native.Pool': 'pg.Pool',
    'pg.native.Client': 'pg.Client',
    'pg.default.Pool': 'pg.Pool',
    '@neondatabase/serverless.Pool': 'pg.Pool',
    '@neondatabase/serverless.Client': 'pg.Client',
    '@vercel/postgres.createPool()': 'pg.Pool',
    '@vercel/postgres.createClient()': 'pg.Client',
    'pg.Pool#connect()': 'pg.PoolClient',
    'pg-promise()()': 'pg-promise.Database',
    'pg-promise.IDatabase': 'pg-promise.Database',
    'pg-promise.ITask': 'pg-promise.Task',
    'postgres.Sql': 'postgres()',
  },
  callbacks: {
    'pg.Pool#connect': [undefined, 'pg.PoolClient'],
    'pg-promise.Database#tx': ['pg-promise.Task'],
    'pg-promise.Database#task': ['pg-promise.Task'],
    'postgres()#begin': ['postgres.Transaction'],
  },
  operations: {
    'pg.Pool': call =>
      call.site.call.new
        ? { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'pg', name: 'Pool' } }
        : undefined,
    'pg.Client': call =>
      call.site.call.new
        ? { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'pg', name: 'Client' } }
        : undefined,
    postgres: call => ({
      kind: 'db-client',
      args: { options: call.arg(0) },
      is: { orm: 'postgres', name: 'postgres' },
    }),
    // Every query of a pool may run on another connection, so a transaction cannot be opened on it.
    'pg.Pool#query': call => {
      const sql = sqlCall('pg', call);
      return sql && /^\s*(?:begin|start\s+transaction)\b/i.test(stringOf(call.value(0)) ?? '')
        ? [sql, { kind: 'transaction', args: { text: call.arg(0) }, is: { orm: 'pg', pooled: true } }]
        : sql;
    },
    'pg.Client#query': call => sqlCall('pg', call),
    'pg.PoolClient#query': call => sqlCall('pg', call, { tx: true }),
    'postgres()#unsafe': call => sqlCall('postgres', call),
    'postgres.Transaction#unsafe': call => sqlCall('postgres', call, { tx: true }),
    'postgres()#begin': call => ({
      kind: 'transaction',
      args: { callback: call.arg(call.arg(1) ? 1 : 0) },
      is: { orm: 'postgres' },
    }),
    'pg-promise.Database#tx': call => ({
      kind: 'transaction',
      args: { callback: call.arg(call.arg(1) ? 1 : 0) },
      is: { orm: 'pg-promise' },
    }),
    ...membersOf('pg-promise.Database', PROMISE_METHODS, call => sqlCall('pg-promise', call)),
    ...membersOf('pg-promise.Task', PROMISE_METHODS, call =>
      sqlCall('pg-promise', call, { tx: isWithin(call.callee, /^pg-promise\.Task/) }),
    ),
  },
});
