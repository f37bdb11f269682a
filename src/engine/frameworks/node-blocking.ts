import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { words } from './shared/data.ts';

const MODULES: Readonly<Record<string, string>> = {
  'node:child_process': 'execSync execFileSync spawnSync',
  'node:crypto': 'pbkdf2Sync scryptSync generateKeyPairSync generatePrimeSync checkPrimeSync',
  'node:zlib':
    'gzipSync gunzipSync deflateSync inflateSync deflateRawSync inflateRawSync unzipSync brotliCompressSync brotliDecompressSync',
};
/** Their asynchronous forms take the same arguments and give a promise. */
const HASHES: Readonly<Record<string, string>> = {
  bcrypt: 'hashSync compareSync',
  bcryptjs: 'hashSync compareSync',
};

export const nodeBlocking = defineAdapter({
  id: 'node-blocking',
  title: 'Calls that hold the event loop',
  docs: 'https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop',
  packages: ['bcrypt', 'bcryptjs'],
  operations: {
    ...readers(MODULES),
    ...readers(HASHES, 'same'),
    'Atomics.wait': () => ({ kind: 'blocking', is: { what: 'Atomics.wait' } }),
  },
});

function readers(modules: Readonly<Record<string, string>>, promise?: string): Record<string, OperationReader> {
  return Object.fromEntries(
    Object.entries(modules).flatMap(([module, names]) =>
      words(names).map(name => [`${module}.${name}`, reader(name, promise)]),
    ),
  );
}

function reader(name: string, promise: string | undefined): OperationReader {
  const instead = name.replace(/Sync$/, '');
  return () => ({ kind: 'blocking', is: { what: name, instead, promise } });
}
