import assert from 'node:assert/strict';
import test from 'node:test';
import { actionableComments } from '../../../src/engine/facts/comments.ts';

const read = (text: string): string[] => actionableComments(text).map(comment => comment.text);

test('finds marks after template literals with holes', () => {
  assert.deepEqual(read('const a = `x${b}y`;\n// public: one\nfoo();\n'), ['// public: one']);
  assert.deepEqual(read('const a = `x${{ a: `${1}` }.a}y${2}`; // public: two\n'), ['// public: two']);
});

test('leaves text of literals alone', () => {
  assert.deepEqual(read('const t = `// public: no ${1} // public: no`;\n'), []);
  assert.deepEqual(read("const s = '// public: no';\n"), []);
});

test('is not led astray by quotes in regular expressions', () => {
  assert.deepEqual(read('const a = /`/; // public: one\nconst b = c / 2; // public: two\n'), [
    '// public: one',
    '// public: two',
  ]);
});
