import type { OperationCall, OperationDraft, OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, byAction, sqlCall, states } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const MODEL = 'sequelize.Model';

const STATICS: Readonly<Partial<Record<Action, string>>> = {
  'read-one': 'findOne findByPk',
  'read-many': 'findAll findAndCountAll',
  create: 'create bulkCreate findOrCreate',
  update: 'update increment decrement restore',
  delete: 'destroy truncate',
  upsert: 'upsert',
  count: 'count sum min max aggregate',
};

export const sequelize = defineAdapter({
  id: 'sequelize',
  title: 'Sequelize',
  docs: 'https://sequelize.org/docs/v6/core-concepts/model-querying-basics/',
  packages: ['sequelize', 'sequelize-typescript'],
  aliases: {
    'sequelize-typescript.Sequelize': 'sequelize.Sequelize',
    'sequelize-typescript.Model': MODEL,
    // What `define` gives is a class: its members are static.
    'sequelize.Sequelize#define()': 'sequelize.Defined',
    'sequelize.Sequelize#model()': 'sequelize.Defined',
    'sequelize.ModelCtor': 'sequelize.Defined',
    'sequelize.ModelStatic': 'sequelize.Defined',
    'sequelize.Sequelize#transaction()': 'sequelize.Transaction',
  },
  // The package itself is the class, for those who `require` it.
  calls: { sequelize: () => ({ k: 'api', path: 'sequelize.Sequelize', inst: true }) },
  callbacks: { 'sequelize.Sequelize#transaction': ['sequelize.Transaction'] },
  schemaCommands: [{ command: /\bsequelize(?:-cli)? db:drop\b/, harm: 'drops the database' }],
  operations: {
    sequelize: client,
    'sequelize.Sequelize': client,
    'sequelize.Sequelize#query': call =>
      sqlCall('sequelize', call, { tx: states(call.arg(1), 'transaction') !== false }),
    'sequelize.Sequelize#transaction': transaction,
    'sequelize.Sequelize#sync': sync,
    'sequelize.Defined#sync': sync,
    [`${MODEL}.sync`]: sync,
    'sequelize.Sequelize.literal': call => sqlCall('sequelize', call, { fragment: true }),
    'sequelize.Sequelize#literal': call => sqlCall('sequelize', call, { fragment: true }),
    'sequelize.literal': call => sqlCall('sequelize', call, { fragment: true }),
    ...byAction('sequelize.Defined', STATICS, access),
    ...Object.fromEntries(
      Object.entries(byAction(MODEL, STATICS, access)).map(([path, read]) => [path.replace('#', '.'), read]),
    ),
    ...byAction(MODEL, { upsert: 'save', update: 'update', delete: 'destroy', 'read-one': 'reload' }, instance),
    ...byAction('sequelize.Defined()', { upsert: 'save' }, instance),
  },
});

function client(call: OperationCall): OperationDraft | undefined {
  return call.site.call.new
    ? { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'sequelize', name: 'Sequelize' } }
    : undefined;
}

function access(action: Action): OperationReader {
  return call => {
    const name = call.callee.path;
    // `findOrCreate` states data and conditions in one object.
    const hasData =
      !name.endsWith('findOrCreate') && (action === 'create' || action === 'update' || action === 'upsert');
    const options = call.arg(hasData || name.endsWith('findByPk') ? 1 : 0);
    return {
      kind: 'db',
      args: {
        where: name.endsWith('findByPk') ? call.arg(0) : optionOf(options, 'where'),
        data: hasData ? call.arg(0) : optionOf(options, 'defaults'),
        options,
      },
      is: {
        orm: 'sequelize',
        model: modelOf(call),
        action,
        limited: action === 'read-many' ? states(options, 'limit') : undefined,
        tx: states(options, 'transaction') !== false,
      },
    };
  };
}

function instance(action: Action): OperationReader {
  return call => {
    const options = call.arg(action === 'update' ? 1 : 0);
    return {
      kind: 'db',
      args: { data: call.arg(0), options },
      is: { orm: 'sequelize', action, tx: states(options, 'transaction') !== false },
    };
  };
}

function modelOf(call: OperationCall): string | undefined {
  const { f } = call.site.call;
  return f.k === 'mem' && (f.o.k === 'id' || f.o.k === 'mem') ? f.o.n : undefined;
}

function transaction(call: OperationCall): OperationDraft | undefined {
  const callback = call.arg(1) ?? call.arg(0);
  return callback?.k === 'fn' || callback?.k === 'id'
    ? { kind: 'transaction', args: { callback }, is: { orm: 'sequelize' } }
    : undefined;
}

function sync(call: OperationCall): readonly OperationDraft[] {
  const options = call.arg(0);
  return ['force', 'alter'].flatMap(what => {
    const flag = optionOf(options, what);
    return flag ? [{ kind: 'schema-sync' as const, args: { flag, options }, is: { orm: 'sequelize', what } }] : [];
  });
}
