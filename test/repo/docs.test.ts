import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'src/ARCHITECTURE.md'];

suite('src/ARCHITECTURE.md', () => {
  const text = read('src/ARCHITECTURE.md');

  test('lists the folders there are', () => {
    const listed = [...text.matchAll(/^\| `([\w/]+)` \|/gm)].map(([, folder]) => folder!);
    const top = folders('src');
    const inner = folders('src/engine').map(name => `engine/${name}`);
    assert.deepEqual(listed, [...top, ...inner].sort());
  });

  test('names every entry', () => {
    const entries = fs.globSync('src/*.ts', { cwd: root }).map(file => path.basename(file));
    for (const entry of entries) assert.ok(text.includes(`\`${entry}\``), entry);
  });

  test('states fourteen invariants, and each that a test names is there', () => {
    const section = text.slice(text.indexOf('## Invariants'), text.indexOf('## Decisions'));
    assert.deepEqual(
      [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number)),
      Array.from({ length: 14 }, (_, at) => at + 1),
    );
    const named = new Set(
      fs
        .globSync('test/**/*.test.ts', { cwd: root })
        .flatMap(file => [...read(file).matchAll(/invariant (\d+):/g)].map(([, number]) => Number(number))),
    );
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14])
      assert.ok(named.has(number), `no test names ${number}`);
  });

  test('sends readers to files that exist', () => {
    for (const [, name] of text.matchAll(/`((?:[\w-]+\/)+[\w-]+(?:\.\w+)?|[\w-]+\.ts)`/g)) {
      const found = ['', 'src/', 'src/engine/', 'src/engine/link/', 'src/engine/queries/'].some(base =>
        fs.existsSync(path.join(root, base, name!)),
      );
      assert.ok(found, name);
    }
  });
});

suite('links', () => {
  for (const page of PAGES) {
    test(`${page} links to files that exist`, () => {
      for (const [, target] of read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (/^https?:/.test(target!)) continue;
        assert.ok(fs.existsSync(path.join(root, path.dirname(page), target!)), target);
      }
    });
  }
});

suite('README.md', () => {
  const text = read('README.md');

  test('opens with the two commands', () => {
    const [, block] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
    assert.match(block ?? '', /^npm start\b.*\nnpm test\b.*\n$/);
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) assert.ok(name! in scripts, name);
  });

  for (const [, block] of text.matchAll(/```console\n([\s\S]*?)```/g)) {
    const [first = '', ...lines] = block!.trimEnd().split('\n');
    test(first, () => {
      const args = first.replace(/^\$ underpin /, '').split(' ');
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'src/cli.ts', ...args],
        { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' } },
      );
      assert.ok(status === 0 || status === 1, stderr);
      assertShown(stripVTControlCharacters(stdout).split('\n'), lines);
    });
  }
});

/** Every shown line is there, in this order; a line `…` stands for any number of lines. */
function assertShown(actual: readonly string[], shown: readonly string[]): void {
  let at = 0;
  let maySkip = false;
  for (const line of shown) {
    if (line.trim() === '…') {
      maySkip = true;
      continue;
    }
    const found = actual.indexOf(line, at);
    assert.ok(found !== -1 && (maySkip || found === at), `not shown here: ${line}\n${actual.join('\n')}`);
    at = found + 1;
    maySkip = false;
  }
}

function folders(inside: string): string[] {
  return fs
    .readdirSync(path.join(root, inside), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}
