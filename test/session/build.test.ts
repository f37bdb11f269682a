import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildIdOf, readKnowledge, userCacheFolder } from '../../src/session/build.ts';
import { folderWith } from '../harness/cli.ts';

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

test('knowledge is read from beside the entry, or absent', t => {
  const page = { version: 1, pages: [], search: {} };
  const root = folderWith(t, { 'dist/knowledge.json': JSON.stringify(page), 'src/cli.ts': '' });
  assert.deepEqual(readKnowledge(pathToFileURL(join(root, 'dist/cli.js')).href)?.pages, []);
  assert.equal(readKnowledge(pathToFileURL(join(root, 'src/cli.ts')).href), undefined);
});
