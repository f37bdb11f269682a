import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lineIndex } from '../../src/common/line-index.ts';

const textWithBreaks = fc.string({
  unit: fc.constantFrom('a', ' ', '\r', '\n', '\r\n', '😀', '\u2028'),
  maxLength: 40,
});

test('positions are those of a language client, for every mix of line breaks', () => {
  fc.assert(
    fc.property(textWithBreaks, fc.nat(60), (text, offset) => {
      const expected = TextDocument.create('file:///a', 'x', 1, text);
      // Inside a CRLF a language client has no position of its own.
      if (text[offset - 1] === '\r' && text[offset] === '\n') return;
      assert.deepEqual(lineIndex(text).positionAt(offset), expected.positionAt(offset));
    }),
  );
});

test('an offset leads to a position and back', () => {
  fc.assert(
    fc.property(textWithBreaks, fc.nat(60), (text, offset) => {
      const at = Math.min(offset, text.length);
      if (text[at - 1] === '\r' && text[at] === '\n') return;
      const lines = lineIndex(text);
      assert.equal(lines.offsetAt(lines.positionAt(at)), at);
    }),
  );
});

test('a line range leaves out its break', () => {
  const text = 'one\r\ntwo\n\rfour';
  const lines = lineIndex(text);
  const all = Array.from({ length: lines.lineCount }, (_, line) => {
    const { start, end } = lines.lineRange(line);
    return text.slice(start, end);
  });
  assert.deepEqual(all, ['one', 'two', '', 'four']);
});

test('positions outside the text move to its ends', () => {
  const lines = lineIndex('ab\ncd');
  assert.equal(lines.offsetAt({ line: 0, character: 9 }), 2);
  assert.equal(lines.offsetAt({ line: 7, character: 0 }), 5);
  assert.equal(lines.offsetAt({ line: -1, character: 3 }), 0);
  assert.deepEqual(lines.positionAt(-4), { line: 0, character: 0 });
});
