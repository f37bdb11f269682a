import type { OperationCall, OperationDraft, OperationReader } from '../link/operations.ts';
import { numberOf, stringOf, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const cipher =
  (decrypts: boolean): OperationReader =>
  call => ({
    kind: 'cipher',
    args: { algorithm: call.arg(0), key: call.arg(1), iv: call.arg(2) },
    is: { decrypts },
  });
/** The older calls, removed in Node 22, which take a password in the place of key and IV. */
const byPassword =
  (name: string): OperationReader =>
  call => ({ kind: 'cipher', args: { algorithm: call.arg(0), key: call.arg(1) }, is: { password: name } });
/** `crypto-js` ciphers are named by their function; ECB is an option of the third argument. */
const cryptoJs =
  (algorithm: string, decrypts: boolean): OperationReader =>
  call => {
    const mode = call.value(2);
    const chosen = mode?.k === 'object' ? mode.props.get('mode') : undefined;
    const ecb = chosen?.k === 'api' && chosen.path.endsWith('mode.ECB');
    return {
      kind: 'cipher',
      args: { key: call.arg(1), iv: optionOf(call.arg(2), 'iv') },
      is: { algorithm: ecb ? `${algorithm}-ecb` : algorithm, decrypts },
    };
  };
const signer =
  (verifies: boolean): OperationReader =>
  call => ({ kind: 'sign', args: { algorithm: call.arg(0) }, is: { verifies } });
/** NIST SP 800-57: RSA and Diffie-Hellman from 2048 bits, shared keys from 112. */
const RSA_BITS = 2048;
const SHARED_BITS = 112;
const keyPair: OperationReader = call => {
  const type = stringOf(call.value(0));
  const options = call.value(1);
  const length = options?.k === 'object' ? options.props.get('modulusLength') : undefined;
  if (type === undefined || !/^(?:rsa|dsa)/.test(type)) return undefined;
  return { kind: 'key-make', is: { bits: numberOf(length), minimum: RSA_BITS, type: type.toUpperCase() } };
};
const sharedKey: OperationReader = call => {
  const options = call.value(1);
  const length = options?.k === 'object' ? options.props.get('length') : undefined;
  return {
    kind: 'key-make',
    is: { bits: numberOf(length), minimum: SHARED_BITS, type: stringOf(call.value(0))?.toUpperCase() ?? 'secret' },
  };
};
/** `crypto-js` counts in words of 32 bits. */
const derivedKey =
  (position: number): OperationReader =>
  call => {
    const options = call.value(position);
    const words = options?.k === 'object' ? numberOf(options.props.get('keySize')) : undefined;
    const key: OperationDraft = {
      kind: 'key-make',
      is: { bits: words === undefined ? undefined : words * 32, minimum: SHARED_BITS, type: 'derived' },
    };
    const cost = optionOf(call.arg(position), 'iterations');
    if (position === 0 || !cost) return key;
    const hash: OperationDraft = {
      kind: 'password-hash',
      args: { input: call.arg(0), cost },
      is: { algorithm: 'pbkdf2', digest: 'sha256' },
    };
    return [key, hash];
  };
const forgeCipher: OperationReader = call => ({
  kind: 'cipher',
  args: { key: call.arg(1) },
  is: { algorithm: stringOf(call.value(0))?.toLowerCase() },
});
const rsaOf =
  (read: (call: OperationCall) => Value | undefined): OperationReader =>
  call => ({ kind: 'key-make', is: { bits: numberOf(read(call)), minimum: RSA_BITS, type: 'RSA' } });
const random =
  (strength: 'weak' | 'strong', generator?: string): OperationReader =>
  () => ({ kind: 'random', is: { strength, generator } });
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
  packages: ['crypto-js', 'md5', 'sha1', 'sha256', 'js-sha256', 'node-rsa', 'node-forge'],
  operations: {
    'node:crypto.createHash()#update': update(false),
    'node:crypto.createHmac()#update': update(true),
    'node:crypto.hash': call => ({
      kind: 'hash',
      args: { algorithm: call.arg(0), input: call.arg(1) },
      is: { algorithm: stringOf(call.value(0))?.toLowerCase(), hmac: false },
    }),
    'node:crypto.createHmac': call => ({ kind: 'hmac', args: { algorithm: call.arg(0), key: call.arg(1) } }),
    'node:crypto.createCipheriv': cipher(false),
    'node:crypto.createDecipheriv': cipher(true),
    'node:crypto.createCipher': byPassword('createCipher'),
    'node:crypto.createDecipher': byPassword('createDecipher'),
    'node:crypto.createSign': signer(false),
    'node:crypto.createVerify': signer(true),
    'node:crypto.generateKeyPair': keyPair,
    'node:crypto.generateKeyPairSync': keyPair,
    'node:crypto.generateKey': sharedKey,
    'node:crypto.generateKeySync': sharedKey,
    'node:crypto.createDiffieHellman': call => ({
      kind: 'key-make',
      is: { bits: numberOf(call.value(0)), minimum: RSA_BITS, type: 'Diffie-Hellman' },
    }),
    'node-rsa': rsaOf(call => {
      const options = call.value(0);
      return options?.k === 'object' ? options.props.get('b') : undefined;
    }),
    'node-rsa#generateKeyPair': rsaOf(call => call.value(0)),
    'node-forge.pki.rsa.generateKeyPair': rsaOf(call => {
      const options = call.value(0);
      return options?.k === 'object' ? options.props.get('bits') : options;
    }),
    'node-forge.rc2.createEncryptionCipher': () => ({ kind: 'cipher', is: { algorithm: 'rc2' } }),
    'node-forge.cipher.createCipher': forgeCipher,
    'node-forge.cipher.createDecipher': forgeCipher,
    'crypto-js.PBKDF2': derivedKey(2),
    'crypto-js.EvpKDF': derivedKey(2),
    'crypto-js.algo.PBKDF2.create': derivedKey(0),
    'crypto-js.algo.EvpKDF.create': derivedKey(0),
    'node:crypto.randomBytes': random('strong'),
    'node:crypto.randomUUID': random('strong'),
    'node:crypto.randomInt': random('strong'),
    'crypto.randomUUID': random('strong'),
    'crypto.getRandomValues': random('strong'),
    'node:crypto.pseudoRandomBytes': random('weak', 'pseudoRandomBytes'),
    'Math.random': random('weak', 'Math.random'),
    'uuid.v1': random('weak', 'uuid v1'),
    'uuid/v1': random('weak', 'uuid v1'),
    'shortid.generate': random('weak', 'shortid'),
    ...Object.fromEntries(
      ['lodash.random', 'lodash.sample', 'lodash.sampleSize', 'lodash.shuffle', 'lodash/random', 'lodash/sample'].map(
        name => [name, random('weak', name.replace('/', '.'))],
      ),
    ),
    'node:crypto.timingSafeEqual': call => ({
      kind: 'constant-time-compare',
      args: { a: call.arg(0), b: call.arg(1) },
    }),
    'node:crypto.createVerify()#verify': call => ({ kind: 'signature-verify', args: { signature: call.arg(1) } }),
    'node:crypto.verify': call => ({
      kind: 'signature-verify',
      args: { payload: call.arg(1), signature: call.arg(3) },
    }),
    'crypto.subtle.verify': call => ({
      kind: 'signature-verify',
      args: { payload: call.arg(3), signature: call.arg(2) },
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
    ...Object.fromEntries(
      [
        ['AES', 'aes'],
        ['DES', 'des'],
        ['TripleDES', 'des3'],
        ['RC4', 'rc4'],
        ['Rabbit', 'rabbit'],
      ].flatMap(([name, algorithm]) =>
        [`crypto-js.${name}`, `crypto-js/${name?.toLowerCase()}`].flatMap(path => [
          [`${path}.encrypt`, cryptoJs(algorithm!, false)],
          [`${path}.decrypt`, cryptoJs(algorithm!, true)],
        ]),
      ),
    ),
  },
});
