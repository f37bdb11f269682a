import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readPages } from '../../src/dev/knowledge-index.ts';
import { compile } from '../../src/knowledge/compile.ts';
import { pack } from '../../src/knowledge/packed.ts';
import { buildIdOf, readKnowledge, userCacheFolder } from '../../src/session/build.ts';
import { folderWith } from '../harness/cli.ts';

const repository = resolve(import.meta.dirname, '../..');

test('caches go where each platform keeps them', () => {
  assert.equal(userCacheFolder('linux', {}, '/home/a'), join('/home/a', '.cache', 'underpin'));
  assert.equal(userCacheFolder('linux', { XDG_CACHE_HOME: '/x' }, '/home/a'), join('/x', 'underpin'));
  assert.equal(userCacheFolder('darwin', {}, '/Users/a'), join('/Users/a', 'Library', 'Caches', 'underpin'));
  assert.equal(userCacheFolder('win32', { LOCALAPPDATA: 'L' }, 'H'), join('L', 'underpin', 'Cache'));
  assert.equal(userCacheFolder('win32', {}, 'H'), join('H', 'AppData', 'Local', 'underpin', 'Cache'));
});

test('a build is named by the text of its entry, sources by nothing', t => {
  const root = folderWith(t, { 'one.js': 'a', 'two.js': 'b', 'same.js': 'a', 'cli.ts': 'a' });
  const id = (file: string) => buildIdOf(pathToFileURL(join(root, file)).href);
  assert.equal(id('one.js'), id('same.js'));
  assert.notEqual(id('one.js'), id('two.js'));
  assert.equal(id('cli.ts'), undefined);
});

test('knowledge is read from beside the entry, or absent, and a page when somebody opens it', t => {
  const { index, parts } = pack(compile(readPages(repository)).index);
  const topics = [...parts].filter(([name]) => name !== 'recipes-auth');
  const root = folderWith(t, {
    'dist/knowledge.json': JSON.stringify(index),
    ...Object.fromEntries(topics.map(([name, part]) => [`dist/knowledge/${name}.json`, JSON.stringify(part)])),
    'src/cli.ts': '',
  });
  const knowledge = readKnowledge(pathToFileURL(join(root, 'dist/cli.js')).href);
  const page = knowledge?.rule('security/missing-auth');
  assert.equal(page?.sections[0]?.heading, 'Why it matters');
  rmSync(join(root, 'dist/knowledge/rules-security.json'));
  assert.ok(knowledge?.rule('security/sql-injection')?.sources.length, 'a topic is read once');
  assert.deepEqual(knowledge?.recipe('auth', 'nest')?.sections, [], 'a missing part is a page without text');
  assert.ok(knowledge?.search('verify stripe webhook signature', 1).length);
  assert.equal(readKnowledge(pathToFileURL(join(root, 'src/cli.ts')).href), undefined);
});
