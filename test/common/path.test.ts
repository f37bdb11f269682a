import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, isInside, toPosixPath } from '../../src/common/path.ts';

test('paths of either platform get one spelling', () => {
  assert.equal(toPosixPath('src\\api\\orders.ts'), 'src/api/orders.ts');
  assert.equal(toPosixPath('./src//api/./x/../orders.ts'), 'src/api/orders.ts');
  assert.equal(toPosixPath('C:\\repo\\src\\'), 'C:/repo/src');
  assert.equal(toPosixPath('../other/a.ts'), '../other/a.ts');
  assert.equal(toPosixPath('/repo/a.ts'), '/repo/a.ts');
});

test('a folder holds its own files but not those of a namesake', () => {
  assert.equal(folderOf('a.ts'), '');
  assert.equal(folderOf('src/api/a.ts'), 'src/api');
  assert.ok(isInside('', 'a.ts'));
  assert.ok(isInside('src', 'src/a.ts'));
  assert.ok(!isInside('src', 'src2/a.ts'));
});
