import type { OperationDraft, OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { words } from './shared/data.ts';

const READS = 'readFile createReadStream readdir opendir stat lstat access readlink realpath open exists';
const WRITES = 'writeFile appendFile createWriteStream unlink rm rmdir mkdir rename copyFile cp truncate chmod symlink';
const SYNC_READS =
  'readFileSync readdirSync statSync lstatSync accessSync readlinkSync realpathSync openSync existsSync';
const SYNC_WRITES =
  'writeFileSync appendFileSync unlinkSync rmSync rmdirSync mkdirSync renameSync copyFileSync cpSync truncateSync chmodSync symlinkSync';
/** They touch names, not contents: too short to matter. */
const CHEAP = new Set(
  words(
    'existsSync statSync lstatSync accessSync realpathSync readlinkSync openSync mkdirSync rmdirSync unlinkSync renameSync chmodSync symlinkSync',
  ),
);

export const nodeFs = defineAdapter({
  id: 'node-fs',
  title: 'Node.js file system',
  docs: 'https://nodejs.org/api/fs.html',
  packages: [],
  aliases: {
    'node:fs/promises': 'node:fs.promises',
    'fs-extra': 'node:fs',
    'graceful-fs': 'node:fs',
    'original-fs': 'node:fs',
    'mz/fs': 'node:fs',
  },
  operations: {
    ...both(READS, () => ({ kind: 'file-read' })),
    ...both(WRITES, () => ({ kind: 'file-write' })),
    ...sync(SYNC_READS, 'file-read'),
    ...sync(SYNC_WRITES, 'file-write'),
  },
});

function both(names: string, draft: () => OperationDraft): Record<string, OperationReader> {
  const read: OperationReader = call => ({
    ...draft(),
    args: { path: call.arg(0) },
    is: { floats: call.callee.path.includes('promises.') },
  });
  return Object.fromEntries(
    words(names).flatMap(name => [
      [`node:fs.${name}`, read],
      [`node:fs.promises.${name}`, read],
    ]),
  );
}

function sync(names: string, kind: 'file-read' | 'file-write'): Record<string, OperationReader> {
  return Object.fromEntries(words(names).map(name => [`node:fs.${name}`, syncReader(name, kind)]));
}

function syncReader(name: string, kind: 'file-read' | 'file-write'): OperationReader {
  return call => {
    const file: OperationDraft = { kind, args: { path: call.arg(0) } };
    if (CHEAP.has(name)) return file;
    const is = { what: name, instead: name.replace(/Sync$/, ''), promise: 'promises' };
    return [file, { kind: 'blocking', args: { path: call.arg(0) }, is }];
  };
}
