import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, byAction, fluent, hasChained, states } from './shared/data.ts';
import { optionOf } from './shared/options.ts';

const COLLECTION = 'mongodb.Collection';

export const mongodb = defineAdapter({
  id: 'mongodb',
  title: 'MongoDB driver',
  docs: 'https://www.mongodb.com/docs/drivers/node/current/',
  packages: ['mongodb'],
  aliases: {
    'mongodb.MongoClient.connect()': 'mongodb.MongoClient',
    'mongodb.MongoClient#connect()': 'mongodb.MongoClient',
    'mongodb.MongoClient#db()': 'mongodb.Db',
    // Driver 2 hands a database to the callback where later ones hand a client.
    'mongodb.MongoClient#collection()': COLLECTION,
    'mongodb.Db#collection()': COLLECTION,
    'mongodb.MongoClient#startSession()': 'mongodb.ClientSession',
    [`${COLLECTION}#find()`]: 'mongodb.Cursor',
    [`${COLLECTION}#aggregate()`]: 'mongodb.Cursor',
    ...fluent('mongodb.Cursor', 'sort limit skip project filter toArray next map batchSize hint'),
  },
  calls: {
    // The callback starts the application, so what it gets must be there when the program is run.
    'mongodb.MongoClient.connect': (program, _callee, site) => {
      const callback = site.args.find(arg => arg.k === 'func');
      const client = { k: 'api', path: 'mongodb.MongoClient', inst: true } as const;
      if (callback?.k === 'func' && !site.env.isStatic)
        program.callFunction(callback, [{ k: 'unknown' }, client], site.env);
      return client;
    },
  },
  callbacks: {
    'mongodb.MongoClient.connect': [undefined, 'mongodb.MongoClient', 'mongodb.MongoClient'],
    'mongodb.MongoClient#connect': [undefined, 'mongodb.MongoClient'],
  },
  operations: {
    'mongodb.MongoClient': call =>
      call.site.call.new
        ? { kind: 'db-client', args: { options: call.arg(1) }, is: { orm: 'mongodb', name: 'MongoClient' } }
        : undefined,
    'mongodb.MongoClient.connect': call => ({
      kind: 'db-client',
      args: { options: call.arg(1) },
      is: { orm: 'mongodb', name: 'MongoClient.connect' },
    }),
    'mongodb.ClientSession#withTransaction': call => ({
      kind: 'transaction',
      args: { callback: call.arg(0) },
      is: { orm: 'mongodb' },
    }),
    ...byAction(
      COLLECTION,
      {
        'read-one': 'findOne',
        'read-many': 'find aggregate distinct',
        count: 'countDocuments count estimatedDocumentCount',
        create: 'insertOne insertMany insert save',
        update: 'updateOne updateMany update findOneAndUpdate findAndModify replaceOne bulkWrite',
        delete: 'deleteOne deleteMany remove findOneAndDelete',
      },
      access,
    ),
  },
});

function access(action: Action): OperationReader {
  return call => {
    const options = call.arg(action === 'update' ? 2 : 1);
    return {
      kind: 'db',
      args: {
        where: action === 'create' ? undefined : call.arg(0),
        data: action === 'create' ? call.arg(0) : action === 'update' ? call.arg(1) : undefined,
        options,
      },
      is: {
        orm: 'mongodb',
        action,
        limited:
          action === 'read-many' ? hasChained(call, 'limit') || optionOf(options, 'limit') !== undefined : undefined,
        tx: states(options, 'session') !== false,
        lazy: action === 'read-many',
      },
    };
  };
}
