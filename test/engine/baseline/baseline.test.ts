import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyBaseline } from '../../../src/engine/baseline/apply.ts';
import { createBaseline, pruneBaseline, updateBaseline } from '../../../src/engine/baseline/edit.ts';
import { readBaseline, writeBaseline } from '../../../src/engine/baseline/file.ts';
import { findingWith } from '../../harness/finding.ts';

const hex = fc.stringMatching(/^[0-9a-f]{16}$/);
const entry = fc.record({
  fingerprint: hex,
  rule: fc.constantFrom('security/missing-auth', 'api/unvalidated-input'),
  file: fc.constantFrom('src/a.ts', 'src/b c.ts', 'Dockerfile'),
});
const entries = fc.uniqueArray(entry, { selector: ({ fingerprint }) => fingerprint });

function finding(fingerprint: string, file = 'src/a.ts') {
  return findingWith({ fingerprint, span: { file, start: 0, end: 1 } });
}

test('a baseline is written and read back, whatever the order and the line ends', () => {
  fc.assert(
    fc.property(entries, fc.boolean(), (list, crlf) => {
      const text = writeBaseline(list);
      assert.ok(!text.includes('\r'));
      assert.equal(writeBaseline([...list].reverse()), text);
      const read = readBaseline('b.jsonl', crlf ? text.replaceAll('\n', '\r\n') : text);
      assert.deepEqual(read.problems, []);
      assert.equal(writeBaseline(read.entries), text);
    }),
  );
});

test('the file is one sorted entry a line with forward slashes', () => {
  const text = writeBaseline([
    { fingerprint: 'b'.repeat(16), rule: 'x/y', file: 'src\\b.ts' },
    { fingerprint: 'a'.repeat(16), rule: 'x/y', file: 'src/a.ts' },
  ]);
  assert.equal(
    text,
    '{"fingerprint":"aaaaaaaaaaaaaaaa","rule":"x/y","file":"src/a.ts"}\n' +
      '{"fingerprint":"bbbbbbbbbbbbbbbb","rule":"x/y","file":"src/b.ts"}\n',
  );
});

test('broken lines and merge marks are named by line and the rest counts', () => {
  const good = writeBaseline([{ fingerprint: 'a'.repeat(16), rule: 'x/y', file: 'a.ts' }]);
  const { entries: read, problems } = readBaseline('b.jsonl', `\uFEFF<<<<<<< ours\n${good}{"fingerprint":1}\nnull\n\n`);
  assert.equal(read.length, 1);
  assert.deepEqual(
    problems.map(problem => problem.message.split(';')[0]),
    [
      'b.jsonl:1 is left over from a merge conflict',
      'b.jsonl:3 is not a baseline entry',
      'b.jsonl:4 is not a baseline entry',
    ],
  );
});

test('any text is read without throwing', () => {
  fc.assert(fc.property(fc.string(), text => void readBaseline('b.jsonl', text)));
});

test('create accepts what is open, update adds and drops, prune only drops', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(letter => finding(letter.repeat(16)));
  assert.ok(a && b && c);
  const ignored = { ...c, suppression: { kind: 'comment' } as const };
  const first = createBaseline([a, b, ignored]);
  assert.deepEqual([first.added, first.removed], [2, 0]);

  const second = updateBaseline(first.entries, [b, c]);
  assert.deepEqual([second.added, second.removed, second.entries.length], [1, 1, 2]);

  const third = pruneBaseline(first.entries, [b, c]);
  assert.deepEqual([third.added, third.removed], [0, 1]);
  assert.deepEqual(third.entries, [{ fingerprint: b.fingerprint, rule: b.ruleId, file: b.span.file }]);
});

test('what was just accepted is hidden, and accepting it again changes nothing', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hex), list => {
      const findings = list.map(fingerprint => finding(fingerprint));
      const { entries: accepted } = createBaseline(findings);
      const applied = applyBaseline(findings, accepted);
      assert.deepEqual(applied.stale, []);
      assert.ok(applied.findings.every(({ suppression }) => suppression?.kind === 'baseline'));
      const again = updateBaseline(accepted, applied.findings);
      assert.deepEqual([again.added, again.removed], [0, 0]);
    }),
  );
});
