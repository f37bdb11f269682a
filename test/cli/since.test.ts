import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { filesChangedSince } from '../../src/session/git.ts';
import { folderWith, runIn } from '../harness/cli.ts';

const IDENTITY = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];

function git(root: string, ...args: string[]): string {
  return execFileSync('git', [...IDENTITY, '-C', root, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function repository(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = folderWith(t, files);
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'first');
  return root;
}

test('changed, staged and new files count; ignored and untouched ones do not', async t => {
  const root = repository(t, { 'old.ts': '', 'src/ü b.ts': '', 'staged.ts': '', '.gitignore': 'out\n' });
  git(root, 'checkout', '-q', '-b', 'topic');
  appendFileSync(join(root, 'src/ü b.ts'), 'x');
  appendFileSync(join(root, 'staged.ts'), 'x');
  git(root, 'add', 'staged.ts');
  writeFileSync(join(root, 'new.ts'), '');
  mkdirSync(join(root, 'out'));
  writeFileSync(join(root, 'out/gone.ts'), '');
  const result = await filesChangedSince(root, 'main');
  assert.deepEqual(result.ok && [...result.files].sort(), ['new.ts', 'src/ü b.ts', 'staged.ts']);

  const inside = await filesChangedSince(join(root, 'src'), 'main');
  assert.deepEqual(inside.ok && [...inside.files], ['ü b.ts']);
});

test('what changed on the other branch after the fork does not count', async t => {
  const root = repository(t, { 'a.ts': '', 'b.ts': '' });
  git(root, 'checkout', '-q', '-b', 'topic');
  appendFileSync(join(root, 'a.ts'), 'x');
  git(root, 'commit', '-qam', 'topic');
  git(root, 'checkout', '-q', 'main');
  appendFileSync(join(root, 'b.ts'), 'x');
  git(root, 'commit', '-qam', 'main');
  git(root, 'checkout', '-q', 'topic');
  const result = await filesChangedSince(root, 'main');
  assert.deepEqual(result.ok && [...result.files], ['a.ts']);
});

test('a scan since a revision reports changed files and what they prove', async t => {
  const root = repository(t, { 'a.ts': 'DANGER();', 'b.ts': 'DANGER();', 'proven.ts': 'DANGER();', 'guard.ts': '' });
  writeFileSync(join(root, 'a.ts'), 'more();\nDANGER();');
  writeFileSync(join(root, 'guard.ts'), 'gone();');
  const { out } = await runIn(root, ['scan', '--format', 'json', '--since', 'main']);
  const files = (JSON.parse(out) as { findings: { location: { file: string } }[] }).findings.map(
    ({ location }) => location.file,
  );
  assert.deepEqual(files, ['a.ts', 'proven.ts']);
});

test('the configuration may set the scope', async t => {
  const root = repository(t, { 'a.ts': 'DANGER();', 'underpin.config.jsonc': '{ "scope": { "since": "main" } }' });
  assert.equal((await runIn(root, ['scan'])).code, 0);
});

test('what git cannot tell is said in a sentence and ends with 2', async t => {
  const plain = folderWith(t, { 'a.ts': '' });
  const root = repository(t, { 'a.ts': '' });
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [plain, 'main', /is not in a git repository\./],
    [root, 'no-such-branch', /git does not know the revision "no-such-branch"\./],
    [root, '--output=x', /"--output=x" is not a git revision\./],
  ];
  for (const [folder, ref, message] of cases) {
    const { code, out, err } = await runIn(folder, ['scan', `--since=${ref}`]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, message);
  }
});

test('a shallow clone is named as the reason', async t => {
  const root = repository(t, { 'a.ts': '' });
  appendFileSync(join(root, 'a.ts'), 'x');
  git(root, 'commit', '-qam', 'second');
  const first = git(root, 'rev-parse', 'HEAD~1').trim();
  const clones = folderWith(t, {});
  git(clones, 'clone', '-q', '--depth', '1', pathToFileURL(root).href, 'shallow');
  const result = await filesChangedSince(join(clones, 'shallow'), first);
  assert.ok(!result.ok);
  assert.match(result.reason, /shallow clone/);
});
