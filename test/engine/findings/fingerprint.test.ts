import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withFingerprints } from '../../../src/engine/findings/fingerprint.ts';
import { draftWith, spanOf } from '../../harness/finding.ts';

const FILE = 'src/app.ts';
const LINE = "app.post('/orders', createOrder);";
const TEXT = `const app = express();\n${LINE}\n`;

function fingerprintIn(text: string, words = LINE.split('(')[0] ?? ''): string {
  const [finding] = withFingerprints([draftWith({ span: spanOf(FILE, text, words) })], () => text);
  return finding?.fingerprint ?? '';
}

test('a fingerprint is 16 hex digits and the same on every machine', () => {
  assert.match(fingerprintIn(TEXT), /^[0-9a-f]{16}$/);
  assert.equal(fingerprintIn(TEXT), '4fd413ad1bba597a');
});

test('a fingerprint survives moved lines, indentation, CRLF and an ignore comment', () => {
  const same = [
    `// a new first line\n\n${TEXT}`,
    TEXT.replaceAll('\n', '\r\n'),
    `if (x) {\n\t\t${LINE}\n}`,
    `${LINE.replace(', ', ',   ')}`,
    `${LINE} // underpin-ignore security/missing-auth -- a reason`,
  ];
  for (const text of same) assert.equal(fingerprintIn(text), fingerprintIn(TEXT), text);
});

test('a fingerprint changes with rule, file, anchor and the text of its lines', () => {
  const span = spanOf(FILE, TEXT, 'app.post');
  const drafts = [
    draftWith({ span }),
    draftWith({ span, ruleId: 'api/unvalidated-input' }),
    draftWith({ span, anchor: 'POST /carts' }),
    draftWith({ span: { ...span, file: 'src/other.ts' } }),
  ];
  const seen = new Set(withFingerprints(drafts, () => TEXT).map(finding => finding.fingerprint));
  seen.add(fingerprintIn(TEXT.replace('createOrder', 'addOrder')));
  assert.equal(seen.size, 5);
});

test('equal findings are numbered in the order of their places, so one more below changes none above', () => {
  const one = `${LINE}\n`;
  const names = (text: string, count: number): string[] => {
    const drafts = Array.from({ length: count }, (_, at) =>
      draftWith({ span: { file: FILE, start: at * one.length, end: at * one.length + 8 } }),
    );
    return withFingerprints(drafts.reverse(), () => text).map(finding => finding.fingerprint);
  };
  const two = names(one + one, 2);
  assert.equal(new Set(two).size, 2);
  assert.deepEqual(names(one + one + one, 3).slice(0, 2), two);
});

test('fingerprints are unique in a report and independent of the order of the drafts', () => {
  const draft = fc.record({
    line: fc.nat(5),
    ruleId: fc.constantFrom('security/a', 'security/b'),
    anchor: fc.constantFrom('', 'GET /', 'handler'),
    message: fc.constantFrom('One.', 'Two.'),
  });
  const text = `${LINE}\n`.repeat(6);
  const toDraft = ({ line, ...rest }: { line: number; ruleId: string; anchor: string; message: string }) =>
    draftWith({ ...rest, span: { file: FILE, start: line * (LINE.length + 1), end: line * (LINE.length + 1) + 3 } });

  fc.assert(
    fc.property(fc.array(draft, { maxLength: 20 }), fc.nat(), (list, seed) => {
      const drafts = list.map(toDraft);
      const forward = withFingerprints(drafts, () => text).map(finding => finding.fingerprint);
      const turned = [...drafts.slice(seed % (drafts.length + 1)), ...drafts.slice(0, seed % (drafts.length + 1))];
      assert.equal(new Set(forward).size, drafts.length);
      assert.deepEqual(
        new Set(withFingerprints(turned, () => text).map(finding => finding.fingerprint)),
        new Set(forward),
      );
    }),
  );
});

test('inserting lines anywhere above keeps every fingerprint', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', '// note', 'const x = 1;'), { maxLength: 8 }), lines => {
      assert.equal(fingerprintIn([...lines, TEXT].join('\n')), fingerprintIn(TEXT));
    }),
  );
});

test('a file whose text is gone still gets a fingerprint', () => {
  const [finding] = withFingerprints([draftWith({ span: { file: FILE, start: 3, end: 9 } })], () => undefined);
  assert.match(finding?.fingerprint ?? '', /^[0-9a-f]{16}$/);
});
