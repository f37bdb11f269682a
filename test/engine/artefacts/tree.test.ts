import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { parseJson } from '../../../src/engine/artefacts/tree/json.ts';
import { parseToml } from '../../../src/engine/artefacts/tree/toml.ts';
import { parseYaml, parseYamlDocuments } from '../../../src/engine/artefacts/tree/yaml.ts';
import {
  asNumber,
  asString,
  booleanSetting,
  each,
  entry,
  get,
  isLiteral,
  numberOrTextSetting,
  numberSetting,
  textSetting,
  toPlain,
} from '../../../src/engine/model/document.ts';
import { cut } from './read.ts';
import { sample } from './samples.ts';

describe('YAML tree', () => {
  test('anchors and merge keys are resolved, and ranges point at where the value is written', () => {
    const text = 'base: &b\n  a: 1\n  c: old\nuse:\n  <<: *b\n  c: "new"\nsame: *b\n';
    const { root, problems } = parseYaml(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(JSON.parse(JSON.stringify(toPlain(get(root, 'use')))), { c: 'new', a: 1 });
    assert.equal(cut(text, get(root, 'use', 'c')), '"new"');
    assert.equal(cut(text, get(root, 'use', 'a')), '1');
    assert.equal(get(root, 'use', 'a')?.start, text.indexOf('1'));
    assert.equal(cut(text, get(root, 'use')), '<<: *b\n  c: "new"');
    assert.equal(asNumber(get(root, 'same', 'a')), 1);
  });

  test('a custom tag makes a value unknown', () => {
    const text = 'a: !Ref Table\nb: !GetAtt [x, y]\nc: !!str 5\nd:\n';
    const { root } = parseYaml(text);
    assert.deepEqual(get(root, 'a'), { kind: 'scalar', value: 'Table', tag: '!Ref', start: 8, end: 13 });
    assert.equal(asString(get(root, 'a')), undefined);
    assert.equal(textSetting(get(root, 'a'))?.value, null);
    assert.equal(get(root, 'b')?.tag, '!GetAtt');
    assert.equal(asString(get(root, 'c')), '5');
    assert.equal(textSetting(get(root, 'd')), undefined);
  });

  test('several documents, comments and block scalars', () => {
    const text = '# head\n---\na: |\n  one\n  two\n\nb: 1\n---\n# nothing\n---\nc: [1, "x"] # tail\n';
    const { roots } = parseYamlDocuments(text);
    assert.equal(roots.length, 2);
    assert.equal(asString(get(roots[0], 'a')), 'one\ntwo\n');
    assert.equal(cut(text, get(roots[0], 'a')), '|\n  one\n  two');
    assert.equal(cut(text, get(roots[1], 'c')), '[1, "x"]');
    assert.equal(cut(text, get(roots[1], 'c', 1)), '"x"');
  });

  test('the part before a mistake is read', () => {
    const { root, problems } = parseYaml('a: 1\nb: [1,\nc: "x');
    assert.ok(problems.length > 0);
    assert.equal(asNumber(get(root, 'a')), 1);
  });
});

describe('JSON tree', () => {
  test('comments, trailing commas and escapes', () => {
    const text = '{ // c\n "a\\u0062": "x\\ny", "n": [1, true, null,], "__proto__": {"x": 1}, }';
    const { root, problems } = parseJson(text);
    assert.deepEqual(problems, []);
    assert.equal(asString(get(root, 'ab')), 'x\ny');
    assert.equal(cut(text, get(root, 'ab')), '"x\\ny"');
    const key = entry(root, 'ab');
    assert.equal(text.slice(key?.keyStart, key?.keyEnd), '"a\\u0062"');
    assert.equal(asNumber(get(root, '__proto__', 'x')), 1);
    const seen: string[] = [];
    each(root, (_node, path) => seen.push(path.join('.')));
    assert.deepEqual(seen, ['', 'ab', 'n', 'n.0', 'n.1', 'n.2', '__proto__', '__proto__.x']);
  });
});

describe('TOML tree', () => {
  test('positions of scalars, dotted keys, tables and arrays of tables', () => {
    const text =
      'a.b = 1 # one\n"q k" = """x\ny"""\n[t]\nlist = [ 1, # c\n  { z = \'v\' }, ]\n[[t.items]]\nn = 1\n[[t.items]]\nn = 0x1F\nd = 1979-05-27T07:32:00Z\n[t.items.sub]\nok = true\n';
    const { root, problems } = parseToml(text);
    assert.deepEqual(problems, []);
    assert.equal(cut(text, get(root, 'a', 'b')), '1');
    assert.equal(cut(text, get(root, 'q k')), '"""x\ny"""');
    assert.equal(asString(get(root, 't', 'list', 1, 'z')), 'v');
    assert.equal(cut(text, get(root, 't', 'list', 1, 'z')), "'v'");
    assert.equal(asNumber(get(root, 't', 'items', 1, 'n')), 31);
    assert.equal(asString(get(root, 't', 'items', 1, 'd')), '1979-05-27T07:32:00Z');
    assert.equal(cut(text, get(root, 't', 'items', 0)), '[[t.items]]\nn = 1');
    assert.equal(cut(text, get(root, 't', 'items', 1, 'sub', 'ok')), 'true');
  });

  test('the value is what smol-toml reads', () => {
    for (const path of ['wrangler.toml', 'supabase/config.toml']) {
      const { text } = sample(path);
      assert.deepEqual(
        JSON.parse(JSON.stringify(toPlain(parseToml(text).root))),
        JSON.parse(JSON.stringify(parse(text))),
      );
    }
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
    const table = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 3 })), { maxKeys: 5 });
    fc.assert(
      fc.property(table, value => {
        const text = stringify(value);
        assert.deepEqual(parseToml(text).problems, []);
        assert.deepEqual(
          JSON.parse(JSON.stringify(toPlain(parseToml(text).root))),
          JSON.parse(JSON.stringify(parse(text))),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('a broken line is skipped and named', () => {
    const text = 'a = 1\nb = \nc = 3\n[broken\nd = 4\n';
    const { root, problems } = parseToml(text);
    assert.deepEqual(
      problems.map(problem => cut(text, problem)),
      ['b = ', '[broken'],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(toPlain(root))), { a: 1, c: 3 });
  });
});

describe('settings', () => {
  test('absent, unknown and known are three things', () => {
    const { root } = parseYaml('a: 8080\nb: "8080"\nc: http\nd: ${PORT}\ne: yes please\nf: true\ng: [1]\n');
    assert.equal(numberSetting(get(root, 'zz')), undefined);
    assert.equal(numberSetting(get(root, 'a'))?.value, 8080);
    assert.equal(numberSetting(get(root, 'b'))?.value, 8080);
    assert.equal(numberSetting(get(root, 'd'))?.value, null);
    assert.equal(numberOrTextSetting(get(root, 'c'))?.value, 'http');
    assert.equal(numberOrTextSetting(get(root, 'b'))?.value, 8080);
    assert.equal(booleanSetting(get(root, 'e'))?.value, null);
    assert.equal(booleanSetting(get(root, 'f'))?.value, true);
    assert.equal(textSetting(get(root, 'g'))?.value, null);
    assert.equal(isLiteral(textSetting(get(root, 'c'))), true);
    assert.equal(isLiteral(textSetting(get(root, 'd'))), false);
    assert.equal(isLiteral(undefined), false);
  });
});
