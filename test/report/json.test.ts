import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderJson } from '../../src/report/json.ts';
import { reportWith, TEXTS } from '../harness/report.ts';

interface JsonFinding {
  readonly location: {
    readonly file: string;
    readonly start: { readonly line: number; readonly column: number; readonly offset: number };
    readonly end: { readonly offset: number };
  };
}

test('lines and columns point at the offsets, also in CRLF files', () => {
  const { findings } = JSON.parse(renderJson(reportWith())) as { findings: readonly JsonFinding[] };
  assert.equal(findings.length, 4);
  for (const { location } of findings) {
    const text = TEXTS[location.file] ?? '';
    const line = text.split(/\r?\n/)[location.start.line - 1] ?? '';
    assert.ok(
      line.slice(location.start.column - 1).startsWith(text.slice(location.start.offset).split(/\r?\n/)[0] ?? '-'),
    );
  }
});

test('times are there when asked for', () => {
  const { stats } = JSON.parse(renderJson(reportWith(), { timing: true })) as { stats: Record<string, unknown> };
  assert.deepEqual(stats['phases'], { extract: 12.25, link: 3 });
  assert.equal(stats['cachedFiles'], 1);
});
