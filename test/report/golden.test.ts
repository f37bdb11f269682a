import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS, type Format, renderReport } from '../../src/report/render.ts';
import { assertGolden } from '../harness/golden.ts';
import { FINDINGS, reportWith } from '../harness/report.ts';

const EXTENSIONS: Readonly<Record<Format, string>> = {
  text: 'txt',
  json: 'json',
  sarif: 'sarif',
  markdown: 'md',
  html: 'html',
  junit: 'xml',
  github: 'github.txt',
};

for (const format of FORMATS) {
  test(`the ${format} report is the reviewed one`, () => {
    assertGolden(
      new URL(`golden/report.${EXTENSIONS[format]}.golden`, import.meta.url),
      renderReport(format, reportWith()),
    );
  });

  test(`the ${format} report of nothing is the reviewed one`, () => {
    const empty = reportWith({ findings: [], problems: [] });
    assertGolden(new URL(`golden/empty.${EXTENSIONS[format]}.golden`, import.meta.url), renderReport(format, empty));
  });

  test(`the ${format} report does not depend on times or the cache and leaves its input alone`, () => {
    const input = reportWith({ findings: Object.freeze([...FINDINGS]) });
    const slow = { ...input.stats, cachedFiles: 3, phases: { extract: 9999 }, rules: {} };
    assert.equal(renderReport(format, { ...input, stats: slow }), renderReport(format, input));
  });
}
