import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

const ENGINE = join(import.meta.dirname, '../../src/engine');

test('what is kept by facts is registered, so that an edit in place makes it forget', () => {
  const found = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !['fact-memo.ts', 'per-file.ts'].includes(basename(file)))
    .filter(file => /new Weak(?:Map|Set)<(?:File|Function|Class)Fact/.test(readFileSync(join(ENGINE, file), 'utf8')));
  assert.deepEqual(found, [], 'use bodyMemo or headMemo of link/kept/fact-memo.ts, or perFile');
});

test('what is kept by model notes what it was read from', () => {
  const found = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .filter(file => /new Weak(?:Map|Set)<Model/.test(readFileSync(join(ENGINE, file), 'utf8')));
  assert.deepEqual(found, [], 'use perModel of link/kept/per-model.ts');
});

const ADAPTERS = join(ENGINE, 'frameworks');
const adapters = readdirSync(ADAPTERS, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => ({ file, text: readFileSync(join(ADAPTERS, file), 'utf8') }));

test('adapters make spans that move with an edit', () => {
  const found = adapters.filter(({ text }) => /start: [\w.]+\[0\]/.test(text)).map(({ file }) => file);
  assert.deepEqual(found, [], 'use spanAt of link/spans.ts');
});

test('adapters that look into bodies tell what they rely on', () => {
  const found = adapters
    .filter(({ text }) => /\b(?:callsIn|eachStmt|eachExprIn|bindingsOf)\(/.test(text) && !text.includes('cells'))
    .map(({ file }) => file);
  // Top levels of modules, and what is asked anew for every endpoint.
  assert.deepEqual(found.sort(), ['nest/validation.ts'], 'use cells.read or cells.expect of the program');
});
