import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fnv1a64 } from '../../src/common/hash.ts';

// Values from the FNV reference test suite, http://www.isthe.com/chongo/tech/comp/fnv/.
const KNOWN: readonly (readonly [string, string])[] = [
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
];

test('the hash agrees with the published values', () => {
  for (const [text, hash] of KNOWN) assert.equal(fnv1a64(text), hash);
});

test('the hash agrees with the definition in exact arithmetic', () => {
  const text = 'DELETE /orders/:id — Zoë 😀';
  let expected = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    expected = BigInt.asUintN(64, (expected ^ BigInt(byte)) * 0x100000001b3n);
  }
  assert.equal(fnv1a64(text), expected.toString(16).padStart(16, '0'));
});
