import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { factsOf } from '../../../src/engine/facts-of.ts';
import { graft, isQuiet } from '../../../src/engine/link/kept/graft.ts';
import { spanAt, spanBetween } from '../../../src/engine/link/spans.ts';
import type { FileFacts } from '../../../src/engine/model/facts.ts';
import { bodyEdits, editBody } from '../../harness/body-edits.ts';
import { sampleSources } from '../../harness/samples.ts';

const read = (path: string, text: string): FileFacts => factsOf(path, text) as FileFacts;
const SAMPLES = sampleSources().filter(({ path, text }) => read(path, text).functions.length > 1);

suite('facts brought up to date in place', () => {
  test('equal the facts of the new text, and keep every function and class', () => {
    let grafted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), bodyEdits, ({ path, text }, edit) => {
        const next = editBody(path, text, edit);
        if (next === undefined) return;
        const facts = read(path, text);
        const functions = [...facts.functions];
        const how = graft(facts, read(path, next));
        if (!how) return;
        grafted++;
        const { come } = how.apply();
        assert.deepEqual(facts, read(path, next));
        assert.equal(facts.functions.filter(fn => functions.includes(fn)).length, facts.functions.length - come.length);
        if (come.length === 0 && facts.functions.length === functions.length)
          facts.functions.forEach((fn, position) => {
            assert.equal(fn, functions[position]);
          });
      }),
      { numRuns: 400 },
    );
    assert.ok(grafted > 100, 'edits were local');
  });

  test('take their spans along', () => {
    const text = 'export function a() {\n  return 1;\n}\nexport function b() {}\n';
    const facts = read('a.ts', text);
    const [, a, b] = facts.functions;
    const spans = [spanAt('a.ts', b!.p), spanAt('a.ts', b!.np), spanBetween('a.ts', a!.np, b!.p)];
    graft(facts, read('a.ts', text.replace('return 1', 'return 1 + 1')))!.apply();
    assert.deepEqual(
      spans.map(({ start, end }) => [start, end]),
      [b!.p, b!.np, [a!.np[0], b!.p[1]]],
    );
    assert.equal(spanAt('a.ts', b!.p), spans[0]);
  });

  test('tell a variable that nobody reads from what makes a difference', () => {
    const text = 'export function a() {\n  g();\n}\n';
    const quietAfter = (line: string, rest = ''): boolean | undefined => {
      const facts = read('a.ts', text + rest);
      const [, a] = facts.functions;
      const [call] = a!.body;
      const how = graft(facts, read('a.ts', text.replace('  g();', line) + rest));
      const found = how && how.those(isQuiet).length > 0;
      how?.apply();
      // Statements that were there stay the same objects, as start-up may hold on to them.
      if (found) assert.ok(a!.body.includes(call!));
      return found;
    };
    assert.equal(quietAfter('  const typed = 1;\n  g();'), true);
    assert.equal(quietAfter("  let typed = 'x';\n  g();"), true);
    assert.equal(quietAfter('  g();\n  const typed = 1;'), false, 'it ends the body');
    assert.equal(quietAfter('  const typed = 1;\n  g(typed);'), false, 'it is read');
    assert.equal(quietAfter('  const typed = g();\n  g();'), false, 'it calls');
    assert.equal(quietAfter('  const typed = 1;\n  g();', 'typed();\n'), false, 'the name stands elsewhere');
  });

  const others: readonly (readonly [string, string, string])[] = [
    ['a parameter', 'function f(a) { g(a); }', 'function f(a, b) { g(a); }'],
    ['an import', "import { g } from './g';\nfunction f() { g(); }", "import { g } from './h';\nfunction f() { g(); }"],
    ['the top level', 'f();\nfunction f() {}', 'f(1);\nfunction f() {}'],
    ['a class', 'class A { m() {} }', 'class A { m() {} n = 1 }'],
    ['a type', 'interface A { a: string }\nfunction f() {}', 'interface A { a: number }\nfunction f() {}'],
    ['a text that no longer parses', 'function f() { g(); }', 'function f() { g(; }'],
  ];
  for (const [name, before, after] of others) {
    test(`are not made where ${name} changed`, () => {
      assert.equal(graft(read('a.ts', before), read('a.ts', after)), undefined);
    });
  }
});
