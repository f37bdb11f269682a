import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { membersOf, sqlCall } from './shared/data.ts';

/** SQLite drivers; their queries never leave the process, so many small ones cost little. */
const local: OperationReader = call => sqlCall('sqlite', call, { embedded: true });

export const sqlite = defineAdapter({
  id: 'sqlite',
  title: 'SQLite drivers',
  docs: 'https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md',
  packages: ['better-sqlite3', 'sqlite3', 'sqlite'],
  aliases: {
    'better-sqlite3.Database': 'better-sqlite3',
    'node:sqlite.DatabaseSync': 'better-sqlite3',
    'sqlite3.verbose()': 'sqlite3',
    'sqlite.open()': 'sqlite3.Database',
  },
  operations: {
    ...membersOf('better-sqlite3', 'prepare exec', local),
    ...membersOf('sqlite3.Database', 'prepare exec run all get each', local),
  },
});
