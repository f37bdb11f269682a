import type { OperationCall, OperationDraft } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

export const redis = defineAdapter({
  id: 'redis',
  title: 'Redis clients',
  docs: 'https://redis.io/docs/latest/develop/clients/nodejs/',
  packages: ['redis', 'ioredis'],
  aliases: {
    'ioredis.Redis': 'ioredis',
    'ioredis.default': 'ioredis',
    '@redis/client.createClient': 'redis.createClient',
  },
  operations: {
    ioredis: call => (call.site.call.new ? client(call, 'Redis') : undefined),
    'ioredis.Cluster': call => (call.site.call.new ? client(call, 'Redis.Cluster') : undefined),
    'redis.createClient': call => client(call, 'createClient'),
    'redis.createCluster': call => client(call, 'createCluster'),
  },
});

function client(call: OperationCall, name: string): OperationDraft {
  return { kind: 'db-client', args: { options: call.arg(0) }, is: { orm: 'redis', name } };
}
