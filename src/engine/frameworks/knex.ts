import type { OperationCall, OperationDraft } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, chained, fluent, hasChained, isWithin, membersOf, sqlCall } from './shared/data.ts';

const TRANSACTION = /^knex\.Transaction\b/;
const BUILDER = 'knex.QueryBuilder';
const METHODS =
  'where whereIn whereNot whereNull whereNotNull whereRaw whereExists whereBetween whereLike whereILike andWhere orWhere orWhereRaw having havingRaw select column columns distinct from fromRaw join innerJoin leftJoin rightJoin joinRaw groupBy groupByRaw orderBy orderByRaw limit offset first pluck count sum min max avg insert update del delete returning onConflict merge ignore modify clone as with withSchema transacting forUpdate forShare skipLocked timeout increment decrement truncate into';
const ACTIONS: readonly (readonly [Action, readonly string[]])[] = [
  ['create', ['insert']],
  ['update', ['update', 'increment', 'decrement']],
  ['delete', ['del', 'delete', 'truncate']],
  ['count', ['count', 'sum', 'min', 'max', 'avg']],
  ['read-one', ['first']],
];

export const knex = defineAdapter({
  id: 'knex',
  title: 'Knex',
  docs: 'https://knexjs.org/guide/query-builder.html',
  packages: ['knex'],
  aliases: {
    'knex()': 'knex.Knex',
    'knex.knex()': 'knex.Knex',
    'knex.default()': 'knex.Knex',
    'knex.Transaction': 'knex.Knex',
    'knex.Knex.Transaction': 'knex.Transaction',
    'knex.Knex#transaction()': 'knex.Transaction',
    'knex.Knex()': BUILDER,
    ...Object.fromEntries(
      'table from select into insert queryBuilder with withSchema'
        .split(' ')
        .map(method => [`knex.Knex#${method}()`, BUILDER]),
    ),
    ...fluent(BUILDER, METHODS),
  },
  callbacks: { 'knex.Knex#transaction': ['knex.Transaction'] },
  operations: {
    knex: client,
    'knex.knex': client,
    'knex.Knex': call => (call.site.call.new ? undefined : query(call)),
    ...membersOf('knex.Knex', 'table from select into insert', query),
    'knex.Knex#transaction': call =>
      call.arg(0)?.k === 'fn' || call.arg(0)?.k === 'id' || call.arg(0)?.k === 'mem'
        ? { kind: 'transaction', args: { callback: call.arg(0) }, is: { orm: 'knex' } }
        : undefined,
    'knex.Knex#raw': call => sqlCall('knex', call, { tx: isWithin(call.callee, TRANSACTION) }),
    'knex.raw': call => sqlCall('knex', call, { fragment: true }),
    ...membersOf('knex.Knex', 'whereRaw orWhereRaw havingRaw orderByRaw groupByRaw joinRaw fromRaw', call =>
      sqlCall('knex', call, { fragment: true }),
    ),
    ...membersOf(BUILDER, 'whereRaw orWhereRaw havingRaw orderByRaw groupByRaw joinRaw fromRaw', call =>
      sqlCall('knex', call, { fragment: true }),
    ),
  },
});

function client(call: OperationCall): OperationDraft {
  return { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'knex', name: 'knex' } };
}

/** `knex('users')` or `knex.select().from('users')`, with all that is chained on it. */
function query(call: OperationCall): OperationDraft {
  const [action] = ACTIONS.find(([, methods]) => hasChained(call, ...methods)) ?? [
    call.callee.path.endsWith('#insert') ? ('create' as const) : ('read-many' as const),
  ];
  const [table] = call.callee.path.endsWith('#select') ? chained(call, 'from') : [call.arg(0)];
  const [session] = chained(call, 'transacting');
  return {
    kind: 'db',
    args: {
      where: chained(call, 'where', 'whereIn', 'andWhere')[0],
      data: chained(call, 'insert', 'update')[0],
    },
    is: {
      orm: 'knex',
      model: table?.k === 'str' ? table.v : undefined,
      action,
      limited: action === 'read-many' ? hasChained(call, 'limit') : undefined,
      tx: session !== undefined || isWithin(call.callee, TRANSACTION),
      lazy: true,
    },
  };
}
