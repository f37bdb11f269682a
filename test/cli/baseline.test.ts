import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith, runIn } from '../harness/cli.ts';

const FILE = '.underpin-baseline.jsonl';

test('create, scan, update, prune', async t => {
  const root = folderWith(t, { 'src/a.ts': 'DANGER();\n', 'b.ts': 'DANGER();\n' });
  const lines = (): string[] => readFileSync(join(root, FILE), 'utf8').split('\n').filter(Boolean);

  assert.equal((await runIn(root, ['scan'])).code, 1);
  const created = await runIn(root, ['baseline', 'create']);
  assert.equal(created.code, 0);
  assert.match(created.err, /2 findings accepted, 2 added, 0 dropped/);
  assert.equal(lines().length, 2);
  assert.match(lines()[1] ?? '', /"file":"src\/a\.ts"\}$/);

  const hidden = await runIn(root, ['scan']);
  assert.deepEqual([hidden.code, hidden.out], [0, 'No findings (2 suppressed, 2 files)\n']);
  assert.equal(hidden.err, '');

  writeFileSync(join(root, 'b.ts'), 'fine();\n');
  writeFileSync(join(root, 'src/a.ts'), '\n\nDANGER();\nDANGER(1);\n');
  const later = await runIn(root, ['scan']);
  assert.equal(later.code, 1);
  assert.match(later.err, /1 baseline entry is no longer needed \(b\.ts\); "underpin baseline prune" drops it/);

  assert.match((await runIn(root, ['baseline', 'prune'])).err, /1 finding accepted, 0 added, 1 dropped/);
  assert.match((await runIn(root, ['baseline', 'update'])).err, /2 findings accepted, 1 added, 0 dropped/);
  assert.equal((await runIn(root, ['scan'])).code, 0);
});

test('nothing is overwritten or invented', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();\n' });
  assert.equal((await runIn(root, ['baseline', 'update'])).code, 2);
  assert.equal((await runIn(root, ['baseline', 'prune'])).code, 2);
  assert.equal(existsSync(join(root, FILE)), false);
  await runIn(root, ['baseline', 'create']);
  const again = await runIn(root, ['baseline', 'create']);
  assert.equal(again.code, 2);
  assert.match(again.err, /exists already; use "underpin baseline update"/);
  assert.equal((await runIn(root, ['baseline', 'create', '--force'])).code, 0);
});

test('an incomplete scan drops no entries', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();\n' });
  await runIn(root, ['baseline', 'create']);
  const before = readFileSync(join(root, FILE), 'utf8');
  writeFileSync(join(root, 'a.ts'), '');
  const problems = [{ code: 'file-unreadable', message: 'b.ts may not be read.', incomplete: true }] as const;
  const { code, err } = await runIn(root, ['baseline', 'prune'], { problems });
  assert.equal(code, 3);
  assert.match(err, /left alone: b\.ts may not be read/);
  assert.equal(readFileSync(join(root, FILE), 'utf8'), before);
  const created = await runIn(root, ['baseline', 'create', '--force'], { problems });
  assert.equal(created.code, 3);
  assert.match(created.err, /^Incomplete: b\.ts may not be read\.$/m);
});

test('the file of the flag or the configuration is used, and broken lines end with 2', async t => {
  const root = folderWith(t, {
    'a.ts': 'DANGER();\n',
    'underpin.config.jsonc': '{ "baseline": "ci/accepted.jsonl" }',
    'ci/x': '',
  });
  await runIn(root, ['baseline', 'create']);
  assert.ok(existsSync(join(root, 'ci/accepted.jsonl')));
  assert.equal((await runIn(root, ['scan'])).code, 0);

  writeFileSync(join(root, 'other.jsonl'), '<<<<<<< ours\n');
  const { code, out } = await runIn(root, ['scan', '--baseline', 'other.jsonl']);
  assert.equal(code, 2);
  assert.match(out, /other\.jsonl:1 is left over from a merge conflict/);
});
