import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_FILE } from '../../src/engine/config/config.ts';
import { configLookup } from '../../src/engine/config/lookup.ts';
import { parseConfig } from '../../src/engine/config/parse.ts';
import { overlay } from '../../src/engine/fixes/exam.ts';
import { type Teaching, teach } from '../../src/session/teach.ts';

const GUARD: Teaching = { key: 'guards', entry: 'api/src/auth.ts#requireUser', file: 'api/src/auth.ts' };

/** The files after the change, which must all be valid settings. */
function after(files: Readonly<Record<string, string>>, teaching: Teaching): ReadonlyMap<string, string> | undefined {
  const change = teach(file => files[file], teaching);
  const laid = change && overlay(change, file => files[file]);
  for (const [file, text] of laid?.files ?? []) assert.deepEqual(parseConfig(file, text).problems, []);
  return laid?.files;
}

test('without settings a file with a word of explanation is made', () => {
  assert.equal(
    after({}, GUARD)?.get(CONFIG_FILE),
    '{\n  // Functions that check the caller.\n  "guards": ["api/src/auth.ts#requireUser"]\n}\n',
  );
});

test('comments, layout and trailing commas of what is there stay', () => {
  const text = `{
  // who may call
  "guards": [
    "requireAdmin", // the old one
  ],
  /* rules */ "rules": {}
}
`;
  const result = after({ [CONFIG_FILE]: text }, GUARD)?.get(CONFIG_FILE) ?? '';
  for (const kept of ['// who may call', '// the old one', '/* rules */ "rules": {}']) assert.ok(result.includes(kept));
  assert.deepEqual(parseConfig(CONFIG_FILE, result).config?.guards, ['requireAdmin', 'api/src/auth.ts#requireUser']);
});

test('a missing list is added to the nearest settings', () => {
  const files = { [CONFIG_FILE]: '{}\n', [`api/${CONFIG_FILE}`]: '{\n  "exclude": []\n}\n' };
  const result = after(files, GUARD);
  assert.deepEqual([...(result?.keys() ?? [])], [`api/${CONFIG_FILE}`]);
});

test('a list further up is added to rather than hidden by a nearer one', () => {
  const files = { [CONFIG_FILE]: '{ "guards": ["x"] }\n', [`api/${CONFIG_FILE}`]: '{ "exclude": [] }\n' };
  const result = after(files, GUARD);
  assert.deepEqual([...(result?.keys() ?? [])], [CONFIG_FILE]);
  const config = parseConfig(CONFIG_FILE, result?.get(CONFIG_FILE) ?? '').config ?? {};
  assert.deepEqual(configLookup(new Map([['', config]])).configOf('api/src').guards, ['x', GUARD.entry]);
});

test('what is known already, and settings that do not parse, are left alone', () => {
  assert.equal(after({ [CONFIG_FILE]: `{ "guards": ["${GUARD.entry}"] }` }, GUARD), undefined);
  assert.equal(after({ [CONFIG_FILE]: '{ "guards": [' }, GUARD), undefined);
  assert.equal(after({ [CONFIG_FILE]: '' }, GUARD), undefined);
});
