import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { costOf } from '../../../src/engine/queries/security/slow-patterns.ts';

const AT = { k: 'str', v: '', p: [0, 0] } as const;
const cost = ({ source, flags }: RegExp) => costOf(AT, { source, flags });

suite('the time of a pattern', () => {
  test('doubles where a repetition takes the same text in two ways', () => {
    const patterns = [
      [/^(a+)+$/, '(a+)+'],
      [/(a*)*b/, '(a*)*'],
      [/(a?a?)*b/, '(a?a?)*'],
      [/(ab|a|b)*$/, '(ab|a|b)*'],
      [/^(\w+\s?)+$/, '(\\w+\\s?)+'],
      [/"(?:\\.|[^"])*"/, '(?:\\\\.|[^"])*'],
      [/^(.*,)+(.+)?$/, '(.*,)+'],
      [/^x{20,40}-(\?\w*|\?)*$/, '(\\?\\w*|\\?)*'],
    ] as const;
    for (const [pattern, part] of patterns)
      assert.deepEqual(cost(pattern), { growth: 'exponential', part }, String(pattern));
  });

  test('is squared where two repetitions share a text, the search for a beginning being one', () => {
    const patterns = [
      [/^(.*)=(.*);$/, '.*'],
      [/\s*,\s*/, '\\s*'],
      [/\/\*[\s\S]*?\*\//, '[\\s\\S]*?'],
      [/^(ab)*ab(ab)*X/, '(ab)*'],
      [/^(`+)\s*([\s\S]*?[^`])\s*\1(?!`)/, '[\\s\\S]*?'],
      [/(\d)(?=(\d{3})+(?!\d))/g, '(\\d{3})+'],
      [/^\s*key/m, '\\s*'],
    ] as const;
    for (const [pattern, part] of patterns)
      assert.deepEqual(cost(pattern), { growth: 'polynomial', part }, String(pattern));
  });

  test('is bounded where the text decides on one way, or the pattern matches whatever follows', () => {
    const patterns = [
      /^(?:ab|ac|b)*$/,
      /^([a-z]+\.)+com$/,
      /^\d+(\.\d+)?$/,
      /^([^>]+)*(>|$)/,
      /^(?:(?!-->)[\s\S])*-->/,
      /^[^@\s]+@[^@\s]+$/,
      /a*b*c*/,
      /\/\/.*$/gm,
    ];
    for (const pattern of patterns) assert.equal(cost(pattern), undefined, String(pattern));
  });

  test('is what it is on the real matcher', () => {
    // Sixteen times the text that doubles is enough to see it; thirty would take minutes.
    const took = (pattern: RegExp, text: string): number => {
      const start = performance.now();
      pattern.test(text);
      return performance.now() - start;
    };
    const slow = took(/^(?:ab|a|b)*$/, `${'ab'.repeat(16)}!`);
    const fast = took(/^(?:ab|ac|b)*$/, `${'ab'.repeat(16)}!`);
    assert.ok(slow > 10 * fast, `${slow} ms, ${fast} ms`);
  });
});
