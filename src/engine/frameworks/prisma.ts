import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, isWithin, sqlCall, states } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const CLIENT = '@prisma/client.PrismaClient';
const TRANSACTION = /^@prisma\/client\.TransactionClient\b/;

const ACTIONS: Readonly<Record<string, Action>> = {
  findUnique: 'read-one',
  findUniqueOrThrow: 'read-one',
  findFirst: 'read-one',
  findFirstOrThrow: 'read-one',
  findMany: 'read-many',
  groupBy: 'read-many',
  findRaw: 'read-many',
  aggregateRaw: 'read-many',
  count: 'count',
  aggregate: 'count',
  create: 'create',
  createMany: 'create',
  createManyAndReturn: 'create',
  update: 'update',
  updateMany: 'update',
  updateManyAndReturn: 'update',
  upsert: 'upsert',
  delete: 'delete',
  deleteMany: 'delete',
};

/** Their filter must hold a unique field, whose value can be nothing but that value. */
const BY_KEY = new Set(['findUnique', 'findUniqueOrThrow', 'update', 'upsert', 'delete']);

export const prisma = defineAdapter({
  id: 'prisma',
  title: 'Prisma',
  docs: 'https://www.prisma.io/docs/orm/reference/prisma-client-reference',
  packages: ['@prisma/client', 'prisma'],
  aliases: {
    [`${CLIENT}#$extends()`]: CLIENT,
    '@prisma/client.TransactionClient': CLIENT,
    '@prisma/client.Prisma.TransactionClient': '@prisma/client.TransactionClient',
    '@prisma/client/edge.PrismaClient': CLIENT,
    '@prisma/client/extension.PrismaClient': CLIENT,
  },
  callbacks: { [`${CLIENT}#$transaction`]: ['@prisma/client.TransactionClient'] },
  // Prisma 7 writes its client into the project, where it is not committed.
  generated: (specifier, name) =>
    /prisma/i.test(specifier) && !specifier.startsWith('@prisma/') && (name === 'PrismaClient' || name === 'Prisma')
      ? '@prisma/client'
      : undefined,
  schemaCommands: [
    {
      command: /\bprisma db push\b[^&|;]*/,
      harm: 'makes the schema fit without a migration and may drop columns',
      instead: 'prisma migrate deploy',
    },
    { command: /\bprisma migrate dev\b[^&|;]*/, harm: 'may reset the database', instead: 'prisma migrate deploy' },
    { command: /\bprisma migrate reset\b[^&|;]*/, harm: 'drops the database', instead: 'prisma migrate deploy' },
  ],
  operations: {
    [CLIENT]: call =>
      call.site.call.new
        ? { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'prisma', name: 'PrismaClient' } }
        : undefined,
    [`${CLIENT}#$transaction`]: call => ({
      kind: 'transaction',
      args: { callback: call.arg(0), options: call.arg(1) },
      is: { orm: 'prisma' },
    }),
    [`${CLIENT}#$queryRawUnsafe`]: call => sqlCall('prisma', call, { tx: isWithin(call.callee, TRANSACTION) }),
    [`${CLIENT}#$executeRawUnsafe`]: call => sqlCall('prisma', call, { tx: isWithin(call.callee, TRANSACTION) }),
    // Called as a function, the tag gets a text or a `Prisma.sql` object.
    [`${CLIENT}#$queryRaw`]: call => sqlCall('prisma', call, { tx: isWithin(call.callee, TRANSACTION) }),
    [`${CLIENT}#$executeRaw`]: call => sqlCall('prisma', call, { tx: isWithin(call.callee, TRANSACTION) }),
    '@prisma/client.Prisma.raw': call => sqlCall('prisma', call, { fragment: true }),
    ...Object.fromEntries(Object.keys(ACTIONS).map(method => [`${CLIENT}#*.${method}`, delegate(method)])),
  },
});

function delegate(method: string): OperationReader {
  const action = ACTIONS[method]!;
  return call => {
    const options = call.arg(0);
    return {
      kind: 'db',
      args: { options, where: optionOf(options, 'where'), data: optionOf(options, 'data') },
      is: {
        orm: 'prisma',
        model: /[#.](\w+)\.\w+$/.exec(call.callee.path)?.[1],
        action,
        limited: action === 'read-many' ? states(options, 'take', 'cursor') : undefined,
        tx: isWithin(call.callee, TRANSACTION),
        lazy: true,
        // https://www.prisma.io/docs/orm/prisma-client/queries/query-optimization-performance: the dataloader
        batched: method.startsWith('findUnique'),
        byKey: BY_KEY.has(method),
      },
    };
  };
}
