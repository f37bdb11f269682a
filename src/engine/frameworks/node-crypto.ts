import type { OperationReader } from '../link/operations.ts';
import { stringOf } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';

const cipher: OperationReader = call => ({
  kind: 'cipher',
  args: { algorithm: call.arg(0), key: call.arg(1), iv: call.arg(2) },
});
const random =
  (strength: 'weak' | 'strong'): OperationReader =>
  () => ({ kind: 'random', is: { strength } });
/** `createHash('sha256').update(x)`: the algorithm stands in the call before. */
const update =
  (hmac: boolean): OperationReader =>
  call => ({
    kind: 'hash',
    args: { input: call.arg(0) },
    is: { algorithm: stringOf(call.callee.from?.made?.args[0])?.toLowerCase(), hmac },
  });
const direct =
  (algorithm: string): OperationReader =>
  call => ({ kind: 'hash', args: { input: call.arg(0) }, is: { algorithm, hmac: false } });

export const nodeCrypto = defineAdapter({
  id: 'node-crypto',
  title: 'Node.js crypto',
  docs: 'https://nodejs.org/api/crypto.html',
  packages: ['crypto-js', 'md5', 'sha1', 'sha256', 'js-sha256'],
  operations: {
    'node:crypto.createHash()#update': update(false),
    'node:crypto.createHmac()#update': update(true),
    'node:crypto.hash': call => ({
      kind: 'hash',
      args: { algorithm: call.arg(0), input: call.arg(1) },
      is: { algorithm: stringOf(call.value(0))?.toLowerCase(), hmac: false },
    }),
    'node:crypto.createHmac': call => ({ kind: 'hmac', args: { algorithm: call.arg(0), key: call.arg(1) } }),
    'node:crypto.createCipheriv': cipher,
    'node:crypto.createDecipheriv': cipher,
    'node:crypto.createCipher': cipher,
    'node:crypto.createDecipher': cipher,
    'node:crypto.randomBytes': random('strong'),
    'node:crypto.randomUUID': random('strong'),
    'node:crypto.randomInt': random('strong'),
    'crypto.randomUUID': random('strong'),
    'crypto.getRandomValues': random('strong'),
    'Math.random': random('weak'),
    'node:crypto.timingSafeEqual': call => ({
      kind: 'constant-time-compare',
      args: { a: call.arg(0), b: call.arg(1) },
    }),
    md5: direct('md5'),
    sha1: direct('sha1'),
    sha256: direct('sha256'),
    'js-sha256.sha256': direct('sha256'),
    'crypto-js.MD5': direct('md5'),
    'crypto-js.SHA1': direct('sha1'),
    'crypto-js.SHA256': direct('sha256'),
    'crypto-js.SHA512': direct('sha512'),
    'crypto-js/md5': direct('md5'),
    'crypto-js/sha1': direct('sha1'),
    'crypto-js/sha256': direct('sha256'),
    'crypto-js.AES.encrypt': call => ({ kind: 'cipher', args: { key: call.arg(1) } }),
    'crypto-js.AES.decrypt': call => ({ kind: 'cipher', args: { key: call.arg(1) } }),
  },
});
