import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { artefactKind, readArtefact } from '../../../src/engine/artefacts/index.ts';
import { HEAD_LENGTH } from '../../../src/engine/artefacts/reader.ts';
import type { ArtefactFacts } from '../../../src/engine/model/artefacts.ts';
import { SAMPLES } from './samples.ts';

describe('artefact readers', () => {
  for (const { path, kind, text } of SAMPLES) {
    test(`${path} is recognised and read without a problem`, () => {
      assert.equal(artefactKind(path, text.slice(0, HEAD_LENGTH)), kind);
      const facts = readArtefact(path, text);
      assert.equal(facts?.kind, kind);
      assert.deepEqual(facts?.problems, []);
    });

    test(`${path}: facts survive JSON unchanged`, () => {
      const facts = readArtefact(path, text);
      assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
    });

    test(`${path}: every string stands where its range says`, () => {
      const facts = readArtefact(path, text);
      assert.ok(facts);
      assert.ok(checkRanges(facts, text) > 0 || kind === 'lockfile' || kind === 'helm-template');
    });

    test(`${path}: cut off at every position it still extracts`, () => {
      const step = text.length < 4096 ? 1 : 7;
      for (let end = 0; end <= text.length; end += step) {
        const cut = text.slice(0, end);
        const facts = readArtefact(path, cut);
        if (!facts) continue;
        assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
        checkRanges(facts, cut);
      }
    });

    test(`${path}: CRLF moves offsets and changes nothing else`, () => {
      const crlf = text.replaceAll('\n', '\r\n');
      const facts = readArtefact(path, crlf);
      assert.ok(facts);
      checkRanges(facts, crlf);
      // A string over several lines keeps the file's line ends where the format says so.
      const unix = JSON.stringify(stripRanges(facts)).replaceAll('\\r\\n', '\\n');
      assert.equal(unix, JSON.stringify(stripRanges(readArtefact(path, text))));
    });

    test(`${path}: a byte order mark moves every offset by one`, () => {
      const facts = readArtefact(path, `\uFEFF${text}`);
      assert.ok(facts);
      checkRanges(facts, `\uFEFF${text}`);
      assert.deepEqual(stripRanges(facts), stripRanges(readArtefact(path, text)));
    });
  }

  test('random mutations never throw and keep ranges inside of the text', () => {
    const tokens = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      '\n',
      '\\',
      '\t- ',
      '&a ',
      '*a',
      '<<: ',
      '$$',
      '/*',
      "'",
      '#',
      '\0',
      '@',
      '(',
    ];
    const piece = fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 5 }));
    const edit = fc.record({ at: fc.nat(4000), drop: fc.nat(30), put: piece });
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.array(edit, { minLength: 1, maxLength: 4 }), (sample, edits) => {
        let text = sample.text;
        for (const { at, drop, put } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + put + text.slice(start + drop);
        }
        const facts = readArtefact(sample.path, text);
        if (!facts) return;
        assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
        checkBounds(facts, text);
      }),
      { numRuns: 400 },
    );
  });

  test('broken input gives problems', () => {
    assert.ok(readArtefact('package.json', '{ "name": ')?.problems.length);
    assert.ok(readArtefact('compose.yml', 'services:\n  a: [1')?.problems.length);
    assert.ok(readArtefact('wrangler.toml', 'name = \n')?.problems.length);
    assert.ok(readArtefact('schema.graphql', 'type A { b: }')?.problems.length);
    assert.ok(readArtefact('schema.prisma', 'model A {\n  id ???\n}')?.problems.length);
    assert.ok(readArtefact('package-lock.json', '{')?.problems.length);
  });

  test('problems never carry the text of the file', () => {
    for (const { path, text } of SAMPLES) {
      for (const broken of [text.slice(0, text.length / 2), text.replace(/[}\]]/, 'hunter2 %%%')]) {
        for (const problem of readArtefact(path, broken)?.problems ?? [])
          assert.doesNotMatch(problem.message, /hunter2|shop/);
      }
    }
  });

  test('an alias bomb and bottomless nesting end', () => {
    const names = [...'abcdefghij'];
    const bomb = names.map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(i === 0 ? 'x' : `*${names[i - 1]}`)
          .join(',')}]`,
    );
    assert.ok(readArtefact('compose.yml', `services:\n  ${bomb.join('\n  ')}`));
    assert.ok(readArtefact('supabase/config.toml', `a = ${'['.repeat(20_000)}`)?.problems.length);
    assert.ok(readArtefact('compose.yml', 'a: &a\n  b: *a\nservices: *a'));
    assert.ok(readArtefact('compose.yml', `a: ${'['.repeat(20_000)}`)?.problems.length);
    assert.ok(readArtefact('tsconfig.json', `{"a":${'['.repeat(20_000)}`)?.problems.length);
    assert.ok(readArtefact('schema.graphql', `type A { a: ${'['.repeat(20_000)}`)?.problems.length);
  });

  test('files that are no artefacts are left alone', () => {
    assert.equal(artefactKind('src/main.ts', 'export {}'), undefined);
    assert.equal(artefactKind('data.json', '{"a": 1}'), undefined);
    assert.equal(artefactKind('queries.graphql', 'query Me { me { id } }'), undefined);
    assert.equal(artefactKind('.dockerignore', 'node_modules'), undefined);
    assert.equal(artefactKind('docs/Dockerfile.md', '# Docker'), undefined);
    assert.equal(
      artefactKind('stack.json', '{"Resources": {"Api": {"swagger": "2.0"}, "x": {"apiVersion": 1, "kind": 2}}}'),
      undefined,
    );
    assert.equal(artefactKind('values.yaml', 'extra:\n  apiVersion: v1\n  kind: Service\n'), undefined);
    assert.equal(artefactKind('api.json', '{"info": {"title": "{ \\" ["}, "openapi": "3.0.0"}'), 'openapi');
    assert.equal(artefactKind('config/values.yaml', 'kind: nothing'), undefined);
  });
});

/** Checks that every range is inside and that a string is the text it covers, quotes and escapes aside; gives how many. */
function checkRanges(facts: ArtefactFacts, text: string): number {
  let count = 0;
  visit(facts, node => {
    const { start, end, value } = node;
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}`);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
    const token = text.slice(start, end);
    assert.ok(plain(token).includes(plain(String(value))), `${JSON.stringify(value)} is not ${JSON.stringify(token)}`);
    count++;
  });
  return count;
}

function checkBounds(facts: ArtefactFacts, text: string): void {
  visit(facts, ({ start, end }) => {
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}`);
  });
}

function visit(node: unknown, check: (node: { start: number; end: number; value?: unknown }) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('start' in node && typeof node.start === 'number' && 'end' in node && typeof node.end === 'number') {
    check({ start: node.start, end: node.end, ...('value' in node && { value: node.value }) });
  }
  for (const child of Object.values(node)) visit(child, check);
}

/** Without what quoting, folding, comments between lines and case folding change. */
function plain(text: string): string {
  const uncommented = text.replace(/^[ \t]*#.*$/gm, '').replace('${NODE}', '22');
  return uncommented.replace(/[\s"'\\`]/g, '').toLowerCase();
}

function stripRanges(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(stripRanges);
  if (typeof node !== 'object' || node === null) return node;
  const positions = ['start', 'end', 'keyStart', 'keyEnd', 'length', 'entropy'];
  const kept = Object.entries(node).filter(([key]) => !positions.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, stripRanges(value)]));
}
