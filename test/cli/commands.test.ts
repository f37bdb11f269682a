import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CONFIG_FILE } from '../../src/engine/config/config.ts';
import { folderWith, runIn } from '../harness/cli.ts';

const FIX = ['fix', '--rule', 'security/sql-injection'];

test('fix --dry-run prints a diff that git would take and changes nothing', async t => {
  const text = 'one();\r\nDANGER();\r\n';
  const root = folderWith(t, { 'src/a.ts': text });
  const { code, out } = await runIn(root, [...FIX, '--dry-run']);
  assert.equal(code, 0);
  assert.match(
    out,
    /^--- a\/src\/a\.ts\s*\n\+\+\+ b\/src\/a\.ts\s*\n@@ -1,2 \+1,2 @@\n one\(\);\r\n-DANGER\(\);\r\n\+safe\(\);\r\n$/,
  );
  assert.equal(readFileSync(join(root, 'src/a.ts'), 'utf8'), text);
  execFileSync('git', ['apply', '-'], { cwd: root, input: out });
  assert.equal(readFileSync(join(root, 'src/a.ts'), 'utf8'), 'one();\r\nsafe();\r\n');
});

test('fix --dry-run shows files that would be new', async t => {
  const root = folderWith(t, {});
  const change = { edits: [], newFiles: [{ file: 'src/new.ts', text: 'export {};' }] };
  const over = { fixAll: async () => ({ id: 'x', title: 'Fix', kind: 'auto' as const, change }) };
  const { out } = await runIn(root, [...FIX, '--dry-run'], { over });
  execFileSync('git', ['apply', '-'], { cwd: root, input: out });
  assert.equal(readFileSync(join(root, 'src/new.ts'), 'utf8'), 'export {};');
});

test('fix writes new files into folders that do not exist yet', async t => {
  const root = folderWith(t, {});
  const change = { edits: [], newFiles: [{ file: 'src/lib/new.ts', text: 'export {};' }] };
  const over = { fixAll: async () => ({ id: 'x', title: 'Fix', kind: 'auto' as const, change }) };
  assert.equal((await runIn(root, FIX, { over })).code, 0);
  assert.equal(readFileSync(join(root, 'src/lib/new.ts'), 'utf8'), 'export {};');
});

test('fix writes every edit, keeps a BOM and line ends, and lists the files', async t => {
  const root = folderWith(t, { 'a.ts': '\uFEFFDANGER(DANGER);\r\n', 'b.ts': 'DANGER();' });
  const { code, out, err } = await runIn(root, FIX);
  assert.deepEqual([code, out, err], [0, 'a.ts\nb.ts\n', 'Make it safe: 2 files changed.\n']);
  assert.equal(readFileSync(join(root, 'a.ts'), 'utf8'), '\uFEFFsafe(safe);\r\n');
  assert.equal(readFileSync(join(root, 'b.ts'), 'utf8'), 'safe();');
  const again = await runIn(root, FIX);
  assert.equal(again.code, 0);
  assert.match(again.err, /has no findings here/);
});

test('fix keeps the BOM that a session leaves out of its text', async t => {
  const root = folderWith(t, { 'a.ts': '\uFEFFDANGER();' });
  const over = {
    text: async () => 'DANGER();',
    fixAll: async () => ({
      id: 'x',
      title: 'Fix',
      kind: 'auto' as const,
      change: { edits: [{ span: { file: 'a.ts', start: 0, end: 6 }, text: 'safe' }], newFiles: [] },
    }),
  };
  assert.equal((await runIn(root, FIX, { over })).code, 0);
  assert.equal(readFileSync(join(root, 'a.ts'), 'utf8'), '\uFEFFsafe();');
});

test('fix refuses a file that changed meanwhile, existing new files and everything outside', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();', 'real.ts': 'DANGER();' });
  symlinkSync(join(root, 'real.ts'), join(root, 'link.ts'));
  const fixWith =
    (edits: readonly string[], newFiles: readonly string[] = []) =>
    async () => ({
      id: 'x',
      title: 'Fix',
      kind: 'auto' as const,
      change: {
        edits: edits.map(file => ({ span: { file, start: 0, end: 6 }, text: 'safe' })),
        newFiles: newFiles.map(file => ({ file, text: '' })),
      },
    });
  const cases = [
    [{ fixAll: fixWith(['a.ts']), text: async () => 'older' }, /changed while it was scanned/],
    [{ fixAll: fixWith([], ['real.ts']) }, /exists already/],
    [{ fixAll: fixWith(['../a.ts']) }, /outside of the folder/],
    [{ fixAll: fixWith([], ['C:/a.ts']) }, /outside of the folder/],
    [{ fixAll: fixWith([], ['/etc/passwd']) }, /outside of the folder/],
    [{ fixAll: fixWith(['link.ts']) }, /symbolic link/],
  ] as const;
  for (const [over, message] of cases) {
    const { code, err } = await runIn(root, FIX, { over });
    assert.equal(code, 3);
    assert.match(err, message);
  }
  assert.equal(readFileSync(join(root, 'a.ts'), 'utf8'), 'DANGER();');
});

test('explain tells about a rule', async t => {
  const root = folderWith(t, {});
  const { code, out } = await runIn(root, ['explain', 'security/sql-injection']);
  assert.equal(code, 0);
  assert.match(out, /^security\/sql-injection: SQL text[\s\S]*# SQL injection\n$/);
  assert.equal((await runIn(root, ['explain', 'security/nothing'])).code, 2);
  assert.equal((await runIn(root, ['explain', 'underpin/unused-suppression'])).code, 0);
});

test('explain finds a place, with slashes of either platform', async t => {
  const root = folderWith(t, { 'src/a.ts': 'one();\r\n  two();\r\n' });
  const at = async (...argv: string[]) => (await runIn(root, ['explain', ...argv])).out;
  assert.equal(await at('src/a.ts:2'), 'src/a.ts@10\n');
  assert.equal(await at('src\\a.ts:2:6'), 'src/a.ts@13\n');
  assert.equal(await at('./src/../src/a.ts:1'), 'src/a.ts@0\n');
  assert.equal(await at(`${root}/src/a.ts:1`, '.'), 'src/a.ts@0\n');
  for (const target of ['src/a.ts:9', 'src/b.ts:1', '../a.ts:1', 'src/a.ts:0']) {
    assert.equal((await runIn(root, ['explain', target])).code, 2, target);
  }
});

test('explain --not asks why a rule is silent at a place', async t => {
  const root = folderWith(t, { 'src/a.ts': 'one();\n  two();\n' });
  const at = (...argv: string[]) => runIn(root, ['explain', ...argv]);
  const { code, out } = await at('--not', 'security/sql-injection', 'src/a.ts:2');
  assert.deepEqual([code, out], [0, 'security/sql-injection src/a.ts@9\n']);
  assert.equal((await at('--not', 'security/nothing', 'src/a.ts:2')).code, 2);
  assert.equal((await at('--not', 'security/sql-injection', 'security/sql-injection')).code, 2);
  assert.equal((await at('--not', 'security/sql-injection', 'src/a.ts:9')).code, 2);
});

test('rules, routes and trends print lists', async t => {
  const root = folderWith(t, {});
  assert.match((await runIn(root, ['rules'])).out, /^RULE +TREND/);
  assert.equal(JSON.parse((await runIn(root, ['rules', '--format', 'json'])).out).rules.length, 2);
  assert.equal((await runIn(root, ['routes'])).out, 'No routes found.\n');
  assert.equal(JSON.parse((await runIn(root, ['routes', '--format', 'openapi'])).out).openapi, '3.1.1');
  assert.deepEqual(JSON.parse((await runIn(root, ['trends', '--format', 'json'])).out), { version: 1, trends: [] });
  const problems = [{ code: 'file-unreadable', message: 'b.ts may not be read.', incomplete: true }] as const;
  const partial = await runIn(root, ['routes'], { problems });
  assert.deepEqual([partial.code, partial.err], [3, 'b.ts may not be read.\n']);
});

test('init writes a file that a scan accepts, once', async t => {
  const root = folderWith(t, { 'a.ts': '' });
  assert.equal((await runIn(root, ['init'])).code, 0);
  assert.ok(existsSync(join(root, CONFIG_FILE)));
  assert.equal((await runIn(root, ['scan'])).code, 0);
  writeFileSync(join(root, CONFIG_FILE), '{}');
  assert.equal((await runIn(root, ['init'])).code, 2);
  assert.equal(readFileSync(join(root, CONFIG_FILE), 'utf8'), '{}');
});

test('lsp --stdio starts the server and prints nothing', async t => {
  assert.deepEqual(await runIn(folderWith(t, {}), ['lsp', '--stdio']), { code: 0, out: '', err: '' });
});
