import type { OperationCall, OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { type Action, byAction, chained, fluent, hasChained, membersOf, states } from './shared/data.ts';

const MODEL = 'mongoose.Model';
const QUERY_METHODS =
  'where equals gt gte lt lte ne in nin or and nor all regex exists size slice select sort limit skip lean populate session exec read hint batchSize cursor collation comment maxTimeMS orFail distinct projection setOptions setQuery transform allowDiskUse explain findOne find countDocuments';

export const mongoose = defineAdapter({
  id: 'mongoose',
  title: 'Mongoose',
  docs: 'https://mongoosejs.com/docs/api/model.html',
  packages: ['mongoose', '@nestjs/mongoose'],
  aliases: {
    'mongoose.Mongoose': 'mongoose',
    'mongoose.model()': MODEL,
    'mongoose.connection.model()': MODEL,
    'mongoose.createConnection()': 'mongoose.Connection',
    'mongoose.connection': 'mongoose.Connection',
    'mongoose.Connection#model()': MODEL,
    'mongoose.Model#discriminator()': MODEL,
    'mongoose.PaginateModel': MODEL,
    'mongoose.AggregatePaginateModel': MODEL,
    'mongoose.SoftDeleteModel': MODEL,
    'mongoose.startSession()': 'mongoose.ClientSession',
    'mongoose.Connection#startSession()': 'mongoose.ClientSession',
    'mongoose.Model#startSession()': 'mongoose.ClientSession',
    'mongoose.mongo.ClientSession': 'mongoose.ClientSession',
    'mongoose.Document': MODEL,
    'mongoose.HydratedDocument': MODEL,
    ...Object.fromEntries(
      'find findOne findById findOneAndUpdate findByIdAndUpdate findOneAndDelete findByIdAndDelete countDocuments distinct updateOne updateMany deleteOne deleteMany'
        .split(' ')
        .map(method => [`${MODEL}#${method}()`, 'mongoose.Query']),
    ),
    ...fluent('mongoose.Query', QUERY_METHODS),
  },
  callbacks: {
    'mongoose.Connection#transaction': ['mongoose.ClientSession'],
    'mongoose.ClientSession#withTransaction': ['mongoose.ClientSession'],
  },
  operations: {
    'mongoose.connect': call => ({
      kind: 'db-client',
      args: { options: call.arg(1) },
      // Once connected, it gives the connection it has.
      is: { orm: 'mongoose', name: 'mongoose.connect', reused: true },
    }),
    'mongoose.createConnection': call => ({
      kind: 'db-client',
      args: { options: call.arg(1) },
      is: { orm: 'mongoose', name: 'mongoose.createConnection' },
    }),
    'mongoose.Connection#transaction': call => ({
      kind: 'transaction',
      args: { callback: call.arg(0) },
      is: { orm: 'mongoose' },
    }),
    'mongoose.ClientSession#withTransaction': call => ({
      kind: 'transaction',
      args: { callback: call.arg(0) },
      is: { orm: 'mongoose' },
    }),
    ...byAction(
      MODEL,
      {
        'read-one': 'findOne findById exists',
        'read-many': 'find aggregate distinct',
        count: 'countDocuments estimatedDocumentCount count',
        update: 'updateOne updateMany findOneAndUpdate findByIdAndUpdate replaceOne findOneAndReplace bulkWrite',
        delete: 'deleteOne deleteMany findOneAndDelete findByIdAndDelete findByIdAndRemove findOneAndRemove remove',
      },
      access,
    ),
    ...membersOf(MODEL, 'create insertMany bulkSave insertOne', call => ({
      kind: 'db',
      args: { data: call.arg(0), options: call.arg(1) },
      is: { orm: 'mongoose', model: modelOf(call), action: 'create', tx: hasSession(call, 1) },
    })),
    [`${MODEL}#save`]: call => ({
      kind: 'db',
      args: { data: receiver(call), options: call.arg(0) },
      is: { orm: 'mongoose', action: 'upsert', tx: hasSession(call, 0) },
    }),
    [`${MODEL}#populate`]: call => ({
      kind: 'db',
      args: { where: call.arg(0) },
      is: { orm: 'mongoose', action: 'read-many', populate: true },
    }),
    ...membersOf('mongoose.Query', 'where or and nor', call => ({
      kind: 'db',
      args: { where: call.arg(0) },
      is: { orm: 'mongoose', fragment: true },
    })),
  },
});

function access(action: Action): OperationReader {
  return call => {
    const options = call.arg(action === 'read-many' || action === 'update' || action === 'read-one' ? 2 : 1);
    return {
      kind: 'db',
      args: { where: call.arg(0), data: action === 'update' ? call.arg(1) : undefined, options },
      is: {
        orm: 'mongoose',
        model: modelOf(call),
        action,
        limited: action === 'read-many' ? hasChained(call, 'limit', 'cursor') || states(options, 'limit') : undefined,
        tx: hasSession(call, 1) || hasSession(call, 2),
        lazy: true,
      },
    };
  };
}

/** A session was given: in the options or by `.session()`. Options from elsewhere may hold one. */
function hasSession(call: OperationCall, position: number): boolean {
  const options = call.arg(position);
  if (hasChained(call, 'session') && chained(call, 'session')[0]?.k !== 'nil') return true;
  return options !== undefined && states(options, 'session') !== false;
}

function receiver(call: OperationCall) {
  return call.site.call.f.k === 'mem' ? call.site.call.f.o : undefined;
}

function modelOf(call: OperationCall): string | undefined {
  const at = receiver(call);
  return at?.k === 'id' || at?.k === 'mem' ? at.n : undefined;
}
