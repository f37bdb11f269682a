import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../src/engine/model/finding.ts';
import { escapeMarkdown, escapeMarkup, markdownCode } from '../../src/report/escape.ts';
import { renderGithub } from '../../src/report/github.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { findingWith } from '../harness/finding.ts';
import { reportWith } from '../harness/report.ts';

const HOSTILE = '</title><script>alert(1)</script> "\' ]]> \u0000\uFFFE @team [x](http://evil) `a` | # *b*';

function hostile(over: Partial<Finding> = {}): Finding {
  return findingWith({
    message: HOSTILE,
    span: { file: `src/${HOSTILE}`, start: 0, end: 0 },
    evidence: [{ span: { file: HOSTILE, start: 0, end: 0 }, message: HOSTILE }],
    ...over,
  });
}

test('nothing of the scanned code becomes markup', () => {
  const input = reportWith({ findings: [hostile(), hostile({ suppression: { kind: 'comment', reason: HOSTILE } })] });
  const html = renderHtml(input);
  assert.ok(!/<script|https?:\/\/(?!evil)|\u0000|<link|<img|@import|url\(/.test(html));
  assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
  assert.ok(!/<script|\u0000|\uFFFE/.test(renderJunit(input)));
});

test('junit and html close every element they open', () => {
  for (const text of [
    renderJunit(reportWith()),
    renderJunit(reportWith({ findings: [hostile()] })),
    renderHtml(reportWith()),
  ]) {
    const open: string[] = [];
    for (const [, close, name = '', rest = ''] of text.matchAll(/<(\/?)([a-z][\w]*)([^>]*)>/g)) {
      if (name === 'meta' || rest.endsWith('/')) continue;
      if (close) assert.equal(open.pop(), name);
      else open.push(name);
    }
    assert.deepEqual(open, []);
  }
});

test('junit counts add up', () => {
  const text = renderJunit(reportWith());
  assert.match(text, /<testsuites name="Underpin" tests="3" failures="2" errors="1">/);
  assert.equal(text.match(/<testcase /g)?.length, 3);
});

test('markdown stays plain words, and long lists are cut with a count', () => {
  const text = renderMarkdown(reportWith({ findings: Array.from({ length: 60 }, () => hostile()), problems: [] }));
  const words = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  assert.ok(words.length > 60 * 50 && !/<script|@team|\[x\]\(/.test(words));
  assert.match(text, /And 10 more findings of lower severity\./);
});

test('workflow commands are one line each with escaped parts', () => {
  const text = renderGithub(reportWith({ findings: [hostile({ message: 'a\r\nb 100%::c' })], problems: [] }));
  assert.equal(text.split('\n').length, 2);
  assert.match(text, /::a%0D%0Ab 100%25::c\n$/);
  assert.match(text, /file=src\/<\/title>/);
  assert.match(text, /http%3A\/\/evil/);
});

test('escaping holds for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      assert.ok(!/[<>"']/.test(escapeMarkup(text)));
      assert.ok(!/[<>\n\r]/.test(escapeMarkdown(text)));
      assert.match(markdownCode(text), /^(`+)[\s\S]*\1$/);
    }),
  );
});
