import { defineAdapter } from './adapter.ts';
import { sqlCall } from './shared/data.ts';

export const mysql = defineAdapter({
  id: 'mysql',
  title: 'MySQL2',
  docs: 'https://sidorares.github.io/node-mysql2/docs',
  packages: ['mysql2', 'mysql'],
  aliases: {
    mysql: 'mysql2',
    'mysql2/promise': 'mysql2',
    'mysql2.createPool()': 'mysql2.Pool',
    'mysql2.createConnection()': 'mysql2.Connection',
    'mysql2.Pool#promise()': 'mysql2.Pool',
    'mysql2.Connection#promise()': 'mysql2.Connection',
    'mysql2.Pool#getConnection()': 'mysql2.PoolConnection',
    'mysql2.PoolConnection': 'mysql2.Connection',
  },
  callbacks: { 'mysql2.Pool#getConnection': [undefined, 'mysql2.PoolConnection'] },
  operations: {
    'mysql2.createPool': call => ({
      kind: 'db-client',
      args: { options: call.arg(0) },
      is: { orm: 'mysql2', name: 'createPool' },
    }),
    'mysql2.createConnection': call => ({
      kind: 'db-client',
      args: { options: call.arg(0) },
      is: { orm: 'mysql2', name: 'createConnection' },
    }),
    'mysql2.Pool#query': call => sqlCall('mysql2', call),
    'mysql2.Pool#execute': call => sqlCall('mysql2', call),
    'mysql2.Connection#query': call => sqlCall('mysql2', call, { tx: true }),
    'mysql2.Connection#execute': call => sqlCall('mysql2', call, { tx: true }),
  },
});
