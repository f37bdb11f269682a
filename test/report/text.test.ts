import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderText } from '../../src/report/text.ts';
import { renderTiming } from '../../src/report/timing.ts';
import { findingWith } from '../harness/finding.ts';
import { reportWith } from '../harness/report.ts';

test('colour adds nothing but colour', () => {
  const plain = renderText(reportWith());
  const coloured = renderText(reportWith(), { color: true });
  assert.notEqual(coloured, plain);
  assert.equal(stripVTControlCharacters(coloured), plain);
  assert.equal(stripVTControlCharacters(plain), plain);
});

test('control characters of scanned code do not reach the terminal', () => {
  const finding = findingWith({
    message: 'bell \u0007 and \u001b[31mred.',
    span: { file: 'src/\u001b[2Jx.ts', start: 0, end: 1 },
  });
  const text = renderText(reportWith({ findings: [finding], problems: [] }));
  assert.ok(!text.includes('\u001b') && !text.includes('\u0007'));
});

test('a problem names its file once', () => {
  const problems = [
    { code: 'folder-unreadable', message: 'The folder cannot be read.', file: 'locked', incomplete: true },
    { code: 'file-too-large', message: 'big.js is too large.', file: 'big.js', incomplete: true },
  ] as const;
  const text = renderText(reportWith({ findings: [], problems }));
  assert.match(text, /^Incomplete: locked: The folder cannot be read\.\nIncomplete: big\.js is too large\.\n/);
});

test('timing lists phases and rules', () => {
  const text = renderTiming(reportWith().stats);
  assert.match(text, /extract +12\.3|extract +12\.2/);
  assert.match(text, /total +15\.[23]/);
  assert.match(text, /a\/x +1\.5/);
  assert.doesNotMatch(text, /partial|function/);
});

test('timing says what a limit cut, and where flows took longest', () => {
  const { stats } = reportWith();
  const text = renderTiming({ ...stats, cutFlows: 2, functions: { 'src/a.ts:3 load': 12 } });
  assert.match(text, /function, in flows +ms\n/);
  assert.match(text, /src\/a\.ts:3 load +12\.0/);
  assert.match(text, /2 ways of untrusted values cut by a limit: the findings are partial\.\n$/);
});
