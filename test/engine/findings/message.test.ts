import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMessage } from '../../../src/engine/findings/message.ts';

test('places are filled once; names of the prototype and unknown places stay', () => {
  assert.equal(formatMessage('{method} {path} is open.', { method: 'POST', path: '/orders' }), 'POST /orders is open.');
  assert.equal(formatMessage('{a}', { a: '{b}', b: 'x' }), '{b}');
  assert.equal(formatMessage('{toString} {missing}', {}), '{toString} {missing}');
});

test('values from code stay on one line and of bearable length', () => {
  assert.equal(formatMessage('{sql}', { sql: 'SELECT *\r\n\tFROM x\u0000\u202E' }), 'SELECT * FROM x');
  assert.equal(Array.from(formatMessage('{x}', { x: '😀'.repeat(200) })).length, 80);
});
