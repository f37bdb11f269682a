import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const bcryptHash: OperationReader = call => ({
  kind: 'password-hash',
  args: { input: call.arg(0), cost: call.arg(1) },
  is: { algorithm: 'bcrypt' },
});
const bcryptSalt: OperationReader = call => ({
  kind: 'password-hash',
  args: { cost: call.arg(0) },
  is: { algorithm: 'bcrypt', salt: true },
});
const compare: OperationReader = call => ({
  kind: 'password-compare',
  args: { input: call.arg(0), hash: call.arg(1) },
});
const argonVerify: OperationReader = call => ({
  kind: 'password-compare',
  args: { hash: call.arg(0), input: call.arg(1) },
});
const argonHash: OperationReader = call => ({
  kind: 'password-hash',
  args: {
    input: call.arg(0),
    cost: optionOf(call.arg(1), 'memoryCost'),
    type: optionOf(call.arg(1), 'type') ?? optionOf(call.arg(1), 'algorithm'),
  },
  is: { algorithm: 'argon2' },
});
const pbkdf2: OperationReader = call => ({
  kind: 'password-hash',
  args: { input: call.arg(0), cost: call.arg(2), digest: call.arg(4) },
  is: { algorithm: 'pbkdf2' },
});
const scrypt: OperationReader = call => ({
  kind: 'password-hash',
  args: {
    input: call.arg(0),
    cost: optionOf(call.arg(3), 'N') ?? optionOf(call.arg(3), 'cost'),
  },
  is: { algorithm: 'scrypt' },
});

const BCRYPT = ['bcrypt', 'bcryptjs', '@node-rs/bcrypt', 'bcrypt-ts'];
const ARGON = ['argon2', '@node-rs/argon2'];

/** Password hashing with a cost, by the libraries that exist for it and by Node's own functions. */
export const passwordHash = defineAdapter({
  id: 'password-hash',
  title: 'Password hashing',
  docs: 'https://github.com/kelektiv/node.bcrypt.js',
  packages: [...BCRYPT, ...ARGON],
  operations: {
    ...Object.fromEntries(
      BCRYPT.flatMap(name => [
        [`${name}.hash`, bcryptHash],
        [`${name}.hashSync`, bcryptHash],
        [`${name}.genSalt`, bcryptSalt],
        [`${name}.genSaltSync`, bcryptSalt],
        [`${name}.compare`, compare],
        [`${name}.compareSync`, compare],
        [`${name}.verify`, compare],
      ]),
    ),
    ...Object.fromEntries(
      ARGON.flatMap(name => [
        [`${name}.hash`, argonHash],
        [`${name}.verify`, argonVerify],
      ]),
    ),
    'node:crypto.pbkdf2': pbkdf2,
    'node:crypto.pbkdf2Sync': pbkdf2,
    'node:crypto.scrypt': scrypt,
    'node:crypto.scryptSync': scrypt,
  },
});
