import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { extract } from '../../../src/engine/facts/extract.ts';
import type { FileFacts } from '../../../src/engine/model/facts.ts';
import { sampleSources } from '../../harness/samples.ts';

/** Up to this many characters a file is cut at every position; longer ones at `CUTS` places, shifted from file to file. */
const SHORT = 400;
const CUTS = 80;
/** Pieces of programs that a random soup is made of. */
const TOKENS =
  'import export default from const let function async await class extends return if else for of in while do try catch finally throw new this super yield switch case { } ( ) [ ] < > ; , : . ?. ... => = == && || ?? ! - + * / % ` ${ \' " // /* */ @ # \\ \n \r\n \u2028 \0 a b x y 0 1n 1e9 0x 0b /re/g .5 app router req res db query "s" \'t\' `u` type interface enum declare namespace as satisfies keyof infer <A> </A> {/**/} #private static get set \ud83d \udc4d é 𝒳'.split(
    ' ',
  );
const samples = sampleSources();

suite('invariant 1: facts depend on path and text alone', () => {
  test('the same text gives the same facts, whatever was read before', () => {
    const first = samples.map(({ path, text }) => JSON.stringify(extract(path, text)));
    const again = [...samples].reverse().map(({ path, text }) => JSON.stringify(extract(path, text)));
    assert.deepEqual(again.reverse(), first);
  });

  test('facts name no file but their own and no machine', () => {
    const facts = extract('src/app.ts', "import { a } from '../lib/a.ts';\nexport const b = a;\n");
    assert.equal(facts.path, 'src/app.ts');
    assert.ok(!JSON.stringify(facts).includes(process.cwd()));
  });
});

suite('invariant 2: extraction never throws', () => {
  test('on any sample cut off at any position', () => {
    let cuts = 0;
    for (const [number, { path, text }] of samples.entries()) {
      const step = text.length <= SHORT ? 1 : Math.ceil(text.length / CUTS);
      for (let at = number % step; at <= text.length; at += step) {
        checkShape(extract(path, text.slice(0, at)), at);
        cuts++;
      }
    }
    assert.ok(cuts > samples.length);
  });

  test('on a sample with a piece taken out, doubled or swapped', () => {
    const sample = fc.constantFrom(...samples);
    fc.assert(
      fc.property(sample, fc.nat(), fc.nat(40), fc.constantFrom('', ...TOKENS), ({ path, text }, from, size, token) => {
        const at = from % (text.length + 1);
        const mutated = text.slice(0, at) + token + text.slice(at + size);
        checkShape(extract(path, mutated), mutated.length);
      }),
      { numRuns: 400 },
    );
  });

  test('on a soup of tokens', () => {
    const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map(tokens => tokens.join(' '));
    const path = fc.constantFrom('a.ts', 'a.tsx', 'a.js', 'a.jsx', 'a.mts', 'a.cjs', 'a.d.ts', 'odd name.TS');
    fc.assert(
      fc.property(path, soup, (name, text) => checkShape(extract(name, text), text.length)),
      { numRuns: 600 },
    );
  });

  test('on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text =>
        checkShape(extract('a.ts', text), text.length),
      ),
      { numRuns: 300 },
    );
  });

  test('on nesting beyond the depth of the stack', () => {
    for (const text of ['(\n', '[\n', 'a.b(\n', 'x ?\n', '{\n', '!\n', '`${\n'].map(piece => piece.repeat(20_000))) {
      checkShape(extract('deep.ts', text), text.length);
    }
  });
});

suite('invariant 3: facts go through JSON unchanged', () => {
  test('for every sample', () => {
    for (const { path, text } of samples) {
      const facts = extract(path, text);
      assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts, path);
    }
  });
});

suite('invariant 8: positions are UTF-16 offsets', () => {
  test('characters beyond the first plane and CRLF count as two units', () => {
    const text = "// 👍\r\nconst a = '👍';\r\nfoo(a);\r\n";
    const { functions } = extract('a.ts', text);
    const last = functions[0]?.body.at(-1);
    assert.ok(last);
    assert.equal(text.slice(...last.p), 'foo(a);');
  });

  test('every position lies within its text', () => {
    for (const { path, text } of samples) {
      for (const [start, end] of positions(extract(path, text))) {
        assert.ok(
          Number.isInteger(start) && start >= 0 && start <= end && end <= text.length,
          `${path} ${start} ${end}`,
        );
      }
    }
  });
});

function checkShape(facts: FileFacts, length: number): void {
  assert.equal(facts.kind, 'source');
  assert.ok(facts.functions.length > 0, 'the module itself is function 0');
  const [start, end] = facts.functions[0]!.p;
  assert.ok(start === 0 && end <= length);
}

/** Every `[start, end]` below a value: pairs of numbers under a key that ends in `p`, or `handlerPos`. */
function positions(value: unknown, key = ''): (readonly [number, number])[] {
  if (Array.isArray(value)) {
    const isPosition =
      /^(?:\w?p|handlerPos)$/.test(key) && value.length === 2 && value.every(one => typeof one === 'number');
    return isPosition ? [value as unknown as readonly [number, number]] : value.flatMap(one => positions(one));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => positions(one, name));
}
