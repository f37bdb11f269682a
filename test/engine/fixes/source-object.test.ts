import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { extract } from '../../../src/engine/facts/extract.ts';
import { applyEdits } from '../../../src/engine/fixes/exam.ts';
import { mergeArgument, removeProperty } from '../../../src/engine/fixes/source-object.ts';
import { callsIn } from '../../../src/engine/link/call-index.ts';

const FLAGS = [
  { name: 'secure', value: 'true' },
  { name: 'httpOnly', value: 'true' },
];

function merged(text: string, position: number): string {
  const call = callsIn(extract('a.ts', text).functions[0]!)[0]!.call;
  const edits = mergeArgument('a.ts', text, call, position, FLAGS);
  const after = edits ? applyEdits(text, edits) : 'none';
  assert.ok(!edits || !extract('a.ts', after).broken, after);
  return after;
}

function removed(text: string, name: string): string {
  const call = callsIn(extract('a.ts', text).functions[0]!)[0]!.call;
  const object = call.a.find(arg => arg.k === 'obj')!;
  assert.ok(object.k === 'obj');
  const property = object.props.find(one => one.k === 'prop' && one.n === name)!;
  return applyEdits(text, [removeProperty('a.ts', text, object, property)]);
}

suite('mergeArgument', () => {
  test('adds a missing argument', () => {
    assert.equal(merged("set('a', b);\n", 2), "set('a', b, { secure: true, httpOnly: true });\n");
  });

  test('adds the only argument', () => {
    assert.equal(merged('f();\n', 0), 'f({ secure: true, httpOnly: true });\n');
  });

  test('adds an argument on a line of its own where the others have theirs', () => {
    assert.equal(
      merged("set(\n  'a',\n  b,\n);\n", 2),
      "set(\n  'a',\n  b, { secure: true, httpOnly: true },\n);\n".replace('b, {', 'b,\n  {'),
    );
  });

  test('extends a literal on one line', () => {
    assert.equal(merged('f({ a: 1 });\n', 0), 'f({ a: 1, secure: true, httpOnly: true });\n');
    assert.equal(merged('f({a: 1});\n', 0), 'f({a: 1, secure: true, httpOnly: true});\n');
    assert.equal(merged('f({ a: (1) });\n', 0), 'f({ a: (1), secure: true, httpOnly: true });\n');
  });

  test('breaks a literal that gets too long for its line', () => {
    const name = 'n'.repeat(80);
    assert.equal(
      merged(`  f('${name}', { ...given, a: 1 });\n`, 1),
      `  f('${name}', {\n    ...given,\n    a: 1,\n    secure: true,\n    httpOnly: true,\n  });\n`,
    );
    assert.equal(
      merged(`f('${name}', { a: 1 /* one */ });\n`, 1),
      `f('${name}', { a: 1, secure: true, httpOnly: true /* one */ });\n`,
    );
  });

  test('extends a literal on several lines with and without a trailing comma', () => {
    assert.equal(merged('f({\n  a: 1,\n});\n', 0), 'f({\n  a: 1,\n  secure: true,\n  httpOnly: true,\n});\n');
    assert.equal(merged('f({\n\ta: 1\n});\n', 0), 'f({\n\ta: 1,\n\tsecure: true,\n\thttpOnly: true\n});\n');
  });

  test('keeps a comment behind the last property', () => {
    assert.equal(
      merged('f({\n  a: 1, // one\n});\n', 0),
      'f({\n  a: 1, // one\n  secure: true,\n  httpOnly: true,\n});\n',
    );
    assert.equal(
      merged('f({\n  a: 1 // one, two\n});\n', 0),
      'f({\n  a: 1, // one, two\n  secure: true,\n  httpOnly: true\n});\n',
    );
  });

  test('replaces values that are there, shorthand included', () => {
    assert.equal(merged('f({ secure: false, httpOnly });\n', 0), 'f({ secure: true, httpOnly: true });\n');
  });

  test('fills an empty literal', () => {
    assert.equal(merged('f({});\n', 0), 'f({ secure: true, httpOnly: true });\n');
  });

  test('spreads a named argument', () => {
    assert.equal(merged('f(options);\n', 0), 'f({ ...options, secure: true, httpOnly: true });\n');
  });

  test('sees through a cast', () => {
    assert.equal(merged('f({ a: 1 } as Options);\n', 0), 'f({ a: 1, secure: true, httpOnly: true } as Options);\n');
  });

  test('moves a value of several lines to the column it stands in', () => {
    const value = '{\n  b: 1,\n}';
    const broken = `f({ a: '${'n'.repeat(90)}' });\n`;
    for (const [text, wanted] of [
      ['f({\n  a: 1,\n});\n', 'f({\n  a: 1,\n  c: {\n    b: 1,\n  },\n});\n'],
      [broken, broken.replace('{ a', '{\n  a').replace(' });', ',\n  c: {\n    b: 1,\n  },\n});')],
    ] as const) {
      const call = callsIn(extract('a.ts', text).functions[0]!)[0]!.call;
      assert.equal(applyEdits(text, mergeArgument('a.ts', text, call, 0, [{ name: 'c', value }]) ?? []), wanted);
    }
  });

  test('keeps line ends', () => {
    assert.equal(
      merged('f({\r\n  a: 1,\r\n});\r\n', 0),
      'f({\r\n  a: 1,\r\n  secure: true,\r\n  httpOnly: true,\r\n});\r\n',
    );
  });

  test('gives up on spread arguments and gaps', () => {
    assert.equal(merged('f(...all);\n', 1), 'none');
    assert.equal(merged('f(a);\n', 2), 'none');
    assert.equal(merged('f(g());\n', 0), 'none');
  });
});

suite('removeProperty', () => {
  test('takes the comma along', () => {
    assert.equal(removed('f({ a: 1, b: 2, c: 3 });', 'a'), 'f({ b: 2, c: 3 });');
    assert.equal(removed('f({ a: 1, b: 2, c: 3 });', 'b'), 'f({ a: 1, c: 3 });');
    assert.equal(removed('f({ a: 1, b: 2 });', 'b'), 'f({ a: 1 });');
  });

  test('leaves an empty literal of the last one', () => {
    assert.equal(removed('f({ a: 1 });', 'a'), 'f({});');
    assert.equal(removed('f({\n  a: 1,\n});', 'a'), 'f({});');
    assert.equal(removed('f({\n  // why\n  a: 1,\n});', 'a'), 'f({\n  // why\n});');
  });

  test('takes the line along', () => {
    assert.equal(removed('f({\n  a: 1,\n  b: 2, // two\n  c: 3,\n});', 'b'), 'f({\n  a: 1,\n  c: 3,\n});');
    assert.equal(removed('f({\n  a: 1,\n  b: 2\n});', 'b'), 'f({\n  a: 1,\n});');
  });
});
