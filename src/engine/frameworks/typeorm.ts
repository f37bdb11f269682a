import type { OperationCall, OperationDraft, OperationReader } from '../link/operations.ts';
import type { Value } from '../link/values.ts';
import type { Expr, FunctionFact } from '../model/facts.ts';
import { type Adapter, defineAdapter } from './adapter.ts';
import { type Action, byAction, fluent, isWithin, membersOf, sqlCall, states } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const TRANSACTION = /^typeorm\.TransactionalManager\b/;
const BUILDER = 'typeorm.SelectQueryBuilder';

const MEMBERS: Readonly<Record<Action, string>> = {
  'read-one': 'findOne findOneBy findOneOrFail findOneByOrFail findOneById exists existsBy exist preload',
  'read-many': 'find findBy findAndCount findAndCountBy findByIds',
  create: 'insert',
  update: 'update updateAll increment decrement restore recover',
  delete: 'delete remove softDelete softRemove deleteAll clear',
  upsert: 'save upsert',
  count: 'count countBy sum average minimum maximum',
};

const FRAGMENTS =
  'where andWhere orWhere having andHaving orHaving orderBy addOrderBy groupBy addGroupBy select addSelect set from';
const BUILDER_METHODS = `${FRAGMENTS} leftJoin leftJoinAndSelect innerJoin innerJoinAndSelect leftJoinAndMapOne leftJoinAndMapMany innerJoinAndMapOne innerJoinAndMapMany setParameter setParameters take skip limit offset cache distinct distinctOn withDeleted whereInIds andWhereInIds orWhereInIds setLock loadRelationCountAndMap update insert delete softDelete into values onConflict orIgnore orUpdate returning clone relation of useTransaction printSql comment`;

export const typeorm = defineAdapter({
  id: 'typeorm',
  title: 'TypeORM',
  docs: 'https://typeorm.io/docs/working-with-entity-manager/repository-api',
  packages: ['typeorm', '@nestjs/typeorm'],
  aliases: {
    'typeorm.Connection': 'typeorm.DataSource',
    'typeorm.createConnection()': 'typeorm.DataSource',
    'typeorm.getConnection()': 'typeorm.DataSource',
    'typeorm.getRepository()': 'typeorm.Repository',
    'typeorm.getManager()': 'typeorm.EntityManager',
    'typeorm.TreeRepository': 'typeorm.Repository',
    'typeorm.MongoRepository': 'typeorm.Repository',
    'typeorm.TransactionalManager': 'typeorm.EntityManager',
    'typeorm.DataSource#manager': 'typeorm.EntityManager',
    'typeorm.QueryRunner#manager': 'typeorm.QueryRunnerManager',
    'typeorm.QueryRunnerManager': 'typeorm.EntityManager',
    'typeorm.Repository#manager': 'typeorm.EntityManager',
    'typeorm.DataSource#getRepository()': 'typeorm.Repository',
    'typeorm.DataSource#getTreeRepository()': 'typeorm.Repository',
    'typeorm.DataSource#createQueryRunner()': 'typeorm.QueryRunner',
    'typeorm.EntityManager#getRepository()': 'typeorm.Repository',
    'typeorm.EntityManager#withRepository()': 'typeorm.Repository',
    'typeorm.Repository#extend()': 'typeorm.Repository',
    'typeorm.DataSource#createQueryBuilder()': BUILDER,
    'typeorm.EntityManager#createQueryBuilder()': BUILDER,
    'typeorm.Repository#createQueryBuilder()': BUILDER,
    'typeorm.BaseEntity.createQueryBuilder()': BUILDER,
    'typeorm.BaseEntity.getRepository()': 'typeorm.Repository',
    ...fluent(BUILDER, BUILDER_METHODS),
  },
  callbacks: {
    'typeorm.DataSource#transaction': ['typeorm.TransactionalManager', 'typeorm.TransactionalManager'],
    'typeorm.EntityManager#transaction': ['typeorm.TransactionalManager', 'typeorm.TransactionalManager'],
  },
  schemaCommands: [
    { command: /\btypeorm(?:-ts-node-\w+)? schema:(?:sync|drop)\b/, harm: 'changes the schema without a migration' },
  ],
  operations: {
    'typeorm.DataSource': call => (call.site.call.new ? connection(call) : undefined),
    'typeorm.createConnection': connection,
    '@nestjs/typeorm.TypeOrmModule.forRoot': call => sync(call.arg(0)),
    '@nestjs/typeorm.TypeOrmModule.forRootAsync': call => asyncOptions(call.value(0)).flatMap(sync),
    'typeorm.DataSource#synchronize': call => ({
      kind: 'schema-sync',
      args: { options: call.arg(0) },
      is: { orm: 'typeorm', what: 'synchronize' },
    }),
    'typeorm.DataSource#transaction': transaction,
    'typeorm.EntityManager#transaction': transaction,
    'typeorm.DataSource#query': call => sqlCall('typeorm', call),
    'typeorm.QueryRunner#query': call => sqlCall('typeorm', call, { tx: true }),
    'typeorm.EntityManager#query': call => sqlCall('typeorm', call, { tx: inTransaction(call) }),
    'typeorm.Repository#query': call => sqlCall('typeorm', call, { tx: inTransaction(call) }),
    'typeorm.BaseEntity.query': call => sqlCall('typeorm', call),
    'typeorm.Raw': call => sqlCall('typeorm', call, { fragment: true }),
    'typeorm.BaseEntity#save': entity('upsert'),
    'typeorm.BaseEntity#remove': entity('delete'),
    'typeorm.BaseEntity#softRemove': entity('delete'),
    ...byAction('typeorm.Repository', MEMBERS, action => access(action, 0)),
    ...byAction('typeorm.EntityManager', MEMBERS, action => access(action, 1)),
    ...statics(byAction('typeorm.BaseEntity', MEMBERS, action => access(action, 0))),
    ...membersOf(BUILDER, FRAGMENTS, call => sqlCall('typeorm', call, { fragment: true })),
    ...membersOf(BUILDER, 'leftJoin leftJoinAndSelect innerJoin innerJoinAndSelect', call =>
      sqlCall('typeorm', call, { fragment: true }, 2),
    ),
    ...byAction(
      BUILDER,
      {
        'read-one': 'getOne getOneOrFail getRawOne getExists',
        'read-many': 'getMany getRawMany getManyAndCount getRawAndEntities stream',
        count: 'getCount',
        update: 'execute',
      },
      built,
    ),
  },
});

function inTransaction(call: OperationCall): boolean {
  return isWithin(call.callee, TRANSACTION) || isWithin(call.callee, /^typeorm\.QueryRunner/);
}

/** `repository.find(options)`, or `manager.find(Entity, options)` where everything is one place further on. */
function access(action: Action, shift: number): OperationReader {
  return call => {
    const first = call.arg(shift);
    const where = optionOf(first, 'where') ?? first;
    const writes = action === 'create' || action === 'upsert';
    return {
      kind: 'db',
      args: {
        options: first,
        where: writes ? undefined : where,
        data: writes ? (first ?? call.arg(0)) : call.arg(shift + 1),
      },
      is: {
        orm: 'typeorm',
        model: modelOf(call, shift),
        action,
        limited: action === 'read-many' ? states(first, 'take') : undefined,
        tx: inTransaction(call),
      },
    };
  };
}

function modelOf(call: OperationCall, shift: number): string | undefined {
  const entity = shift === 1 ? call.arg(0) : undefined;
  return entity?.k === 'id' && /^[A-Z]/.test(entity.n) ? entity.n : undefined;
}

/** The end of a query builder's chain; all that was chained before is its condition. */
function built(action: Action): OperationReader {
  return call => {
    const { f } = call.site.call;
    return {
      kind: 'db',
      args: { where: f.k === 'mem' ? f.o : undefined },
      is: {
        orm: 'typeorm',
        action,
        limited: action === 'read-many' ? chainHas(f, LIMITS) : undefined,
        tx: inTransaction(call),
      },
    };
  };
}

const LIMITS = new Set(['take', 'limit']);

/** Whether a chain that starts at the builder's creation calls a method; undefined if its start is elsewhere. */
function chainHas(e: Expr, names: ReadonlySet<string>): boolean | undefined {
  for (let at: Expr = e; at.k === 'mem' || at.k === 'call'; at = at.k === 'call' ? at.f : at.o) {
    if (at.k !== 'mem') continue;
    if (names.has(at.n)) return true;
    if (at.n === 'createQueryBuilder') return false;
  }
  return undefined;
}

function entity(action: Action): OperationReader {
  return call => ({
    kind: 'db',
    args: { data: call.site.call.f.k === 'mem' ? call.site.call.f.o : undefined },
    is: { orm: 'typeorm', action, tx: inTransaction(call) },
  });
}

function statics(readers: NonNullable<Adapter['operations']>): Record<string, OperationReader> {
  return Object.fromEntries(Object.entries(readers).map(([path, read]) => [path.replace('#', '.'), read]));
}

function transaction(call: OperationCall): OperationDraft {
  return { kind: 'transaction', args: { callback: call.arg(1) ?? call.arg(0) }, is: { orm: 'typeorm' } };
}

function connection(call: OperationCall): readonly OperationDraft[] {
  const options = call.arg(0);
  return [{ kind: 'db-client', args: { options }, is: { orm: 'typeorm', name: 'DataSource' } }, ...sync(options)];
}

function sync(options: Expr | undefined): readonly OperationDraft[] {
  return ['synchronize', 'dropSchema'].flatMap(what => {
    const flag = optionOf(options, what);
    return flag ? [{ kind: 'schema-sync' as const, args: { flag, options }, is: { orm: 'typeorm', what } }] : [];
  });
}

/** The objects that `useFactory` returns. */
function asyncOptions(value: Value | undefined): readonly Expr[] {
  const factory = value?.k === 'object' ? value.props.get('useFactory') : undefined;
  return factory?.k === 'func' ? returned(factory.fn) : [];
}

function returned({ body }: FunctionFact): readonly Expr[] {
  return body.flatMap(stmt => (stmt.k === 'ret' && stmt.e?.k === 'obj' ? [stmt.e] : []));
}
