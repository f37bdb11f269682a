import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { insertLinesAfter, removeLines, replaceScalar } from '../../../src/engine/fixes/document.ts';
import { setJson } from '../../../src/engine/fixes/document-json.ts';
import { appendToMap, insertBeforeKey } from '../../../src/engine/fixes/document-yaml.ts';
import { applyEdits } from '../../../src/engine/fixes/exam.ts';

const at = (text: string, part: string): { start: number; end: number } => {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
};

suite('edits of documents', () => {
  test('a scalar keeps its quotes and the comment behind it', () => {
    const text = 'path: "/old" # why\nport: 1\n';
    assert.equal(
      applyEdits(text, [replaceScalar('f', text, at(text, '"/old"'), '/new')]),
      'path: "/new" # why\nport: 1\n',
    );
    assert.equal(applyEdits(text, [replaceScalar('f', text, at(text, '1'), 2)]), 'path: "/old" # why\nport: 2\n');
  });

  test('entries are added below a map in its own column, after comments on the line', () => {
    const text = 'items:\n    - name: a\n      image: b # pinned\n    - name: c\n';
    const edit = appendToMap('f', text, at(text, 'name: a\n      image: b'), ['probe:', '  path: /x']);
    assert.equal(
      applyEdits(text, [edit!]),
      'items:\n    - name: a\n      image: b # pinned\n      probe:\n          path: /x\n    - name: c\n',
    );
  });

  test('a map in braces is left alone', () => {
    const text = 'a: { b: 1 }\n';
    assert.equal(appendToMap('f', text, at(text, '{ b: 1 }'), ['c: 2']), undefined);
  });

  test('line ends of the file are kept, and a missing last one is no trouble', () => {
    const text = 'a: 1\r\nb: 2';
    assert.equal(applyEdits(text, [insertLinesAfter('f', text, 7, ['c: 3'])]), 'a: 1\r\nb: 2\r\nc: 3');
    assert.equal(applyEdits(text, [insertBeforeKey('f', text, 6, ['x: 0'])]), 'a: 1\r\nx: 0\r\nb: 2');
  });

  test('lines are removed with their line break', () => {
    const text = 'a: 1\nb:\n  c: 2\nd: 3\n';
    assert.equal(applyEdits(text, [removeLines('f', text, 5, 14)]), 'a: 1\nd: 3\n');
  });

  test('a value of a JSON file is set beside its comments', () => {
    const text = '{\n  // why\n  "a": 1\n}\n';
    assert.equal(
      applyEdits(text, setJson('f', text, ['b', 'c'], 2)),
      '{\n  // why\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n',
    );
  });
});
