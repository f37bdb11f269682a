import assert from 'node:assert/strict';
import test from 'node:test';
import { extract } from '../../../src/engine/facts/extract.ts';
import { applyEdits } from '../../../src/engine/fixes/exam.ts';
import { appendLines, insertAfter, insertBefore, wrap } from '../../../src/engine/fixes/source-statement.ts';

const TEXT = 'function f() {\n    a(); // note\n    if (b) c();\n}\n';
const [first, second] = extract('a.ts', TEXT).functions[1]!.body;

test('inserts before and after a statement with its indentation', () => {
  assert.equal(
    applyEdits(TEXT, [insertBefore('a.ts', TEXT, second!, ['x();', 'y();'])!]),
    'function f() {\n    a(); // note\n    x();\n    y();\n    if (b) c();\n}\n',
  );
  assert.equal(
    applyEdits(TEXT, [insertAfter('a.ts', TEXT, first!, ['x();'])!]),
    'function f() {\n    a(); // note\n    x();\n    if (b) c();\n}\n',
  );
});

test('does not put lines where a statement shares its line', () => {
  assert.ok(second?.k === 'if');
  assert.equal(insertBefore('a.ts', TEXT, second.a[0]!, ['x();']), undefined);
});

test('wraps a range and appends to a file', () => {
  assert.equal(applyEdits('f(a)', wrap('a.ts', [2, 3], 'g(', ')')), 'f(g(a))');
  assert.equal(applyEdits('a();', [appendLines('a.ts', 'a();', ['b();'])]), 'a();\n\nb();\n');
});
