import type { OperationCall, OperationDraft, OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, chained, hasChained, isWithin, sqlCall, states } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const DB = 'drizzle-orm.Database';
const TRANSACTION = /^drizzle-orm\.Transaction\b/;
const DRIVERS =
  'node-postgres postgres-js neon-http neon-serverless vercel-postgres mysql2 planetscale-serverless better-sqlite3 libsql d1 bun-sqlite bun-sql pglite aws-data-api/pg'.split(
    ' ',
  );
const TYPES = [
  'node-postgres.NodePgDatabase',
  'postgres-js.PostgresJsDatabase',
  'neon-http.NeonHttpDatabase',
  'mysql2.MySql2Database',
  'libsql.LibSQLDatabase',
  'd1.DrizzleD1Database',
  'pg-core.PgDatabase',
  'better-sqlite3.BetterSQLite3Database',
];

export const drizzle = defineAdapter({
  id: 'drizzle',
  title: 'Drizzle',
  docs: 'https://orm.drizzle.team/docs/overview',
  packages: ['drizzle-orm'],
  aliases: {
    ...Object.fromEntries(DRIVERS.map(driver => [`drizzle-orm/${driver}.drizzle()`, DB])),
    ...Object.fromEntries(TYPES.map(type => [`drizzle-orm/${type}`, DB])),
    'drizzle-orm.Transaction': DB,
  },
  callbacks: { [`${DB}#transaction`]: ['drizzle-orm.Transaction'] },
  schemaCommands: [
    {
      command: /\bdrizzle-kit push\b[^&|;]*/,
      harm: 'makes the schema fit without a migration and may drop columns',
      instead: 'drizzle-kit migrate',
    },
  ],
  operations: {
    [`${DB}#select`]: built('read-many'),
    [`${DB}#selectDistinct`]: built('read-many'),
    [`${DB}#insert`]: built('create'),
    [`${DB}#update`]: built('update'),
    [`${DB}#delete`]: built('delete'),
    [`${DB}#$count`]: built('count'),
    [`${DB}#query.*.findMany`]: relational('read-many'),
    [`${DB}#query.*.findFirst`]: relational('read-one'),
    [`${DB}#execute`]: call => sqlCall('drizzle', call, { tx: isWithin(call.callee, TRANSACTION) }),
    [`${DB}#transaction`]: call => ({
      kind: 'transaction',
      args: { callback: call.arg(0), options: call.arg(1) },
      is: { orm: 'drizzle' },
    }),
    'drizzle-orm.sql.raw': call => sqlCall('drizzle', call, { fragment: true }),
    'drizzle-orm.sql.identifier': call => sqlCall('drizzle', call, { fragment: true }),
  },
});

/** `db.select().from(users).where(…)`: everything follows in the chain. */
function built(action: Action): OperationReader {
  return call => {
    const table = action === 'read-many' ? chained(call, 'from')[0] : call.arg(0);
    return draft(
      call,
      { where: chained(call, 'where')[0], data: chained(call, 'values', 'set')[0] },
      {
        model: table?.k === 'id' || table?.k === 'mem' ? table.n : undefined,
        action: action === 'create' && hasChained(call, 'onConflictDoUpdate') ? 'upsert' : action,
        limited: action === 'read-many' ? hasChained(call, 'limit') : undefined,
      },
    );
  };
}

function relational(action: Action): OperationReader {
  return call =>
    draft(
      call,
      { where: optionOf(call.arg(0), 'where') },
      {
        model: /[#.](\w+)\.\w+$/.exec(call.callee.path)?.[1],
        action,
        limited: action === 'read-many' ? states(call.arg(0), 'limit') : undefined,
      },
    );
}

function draft(call: OperationCall, args: OperationDraft['args'], is: OperationDraft['is']): OperationDraft {
  return {
    kind: 'db',
    ...(args ? { args } : {}),
    is: { orm: 'drizzle', ...is, tx: isWithin(call.callee, TRANSACTION), lazy: true },
  };
}
