import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { lineIndex } from '../../src/common/line-index.ts';
import { openKnowledge } from '../../src/knowledge/knowledge.ts';
import { filesOf, placeFinder, type ReportInput } from '../../src/report/input.ts';
import { type Format, renderReport } from '../../src/report/render.ts';
import { filesOfRoutes, renderRoutesJson } from '../../src/report/routes.ts';
import { filesOfTrends, renderTrendsJson } from '../../src/report/trends.ts';
import type { ScanReport, SessionApi } from '../../src/session/api.ts';
import { createSession } from '../../src/session/session.ts';
import { assertGolden } from '../harness/golden.ts';
import { index } from '../knowledge/pages.ts';

/**
 * Three small backends, each mostly sound and with a handful of real defects. What Underpin says about them is kept
 * beside each as `<name>.expected/` and was read against the code, finding by finding.
 */
const ROOT = join(import.meta.dirname, '../projects');
const PROJECTS = ['express-shop', 'nest-service', 'serverless-edge'];
const REPORTS: readonly (readonly [Format, string])[] = [
  ['json', 'findings.json'],
  ['text', 'report.txt'],
  ['sarif', 'report.sarif'],
  ['markdown', 'report.md'],
  ['html', 'report.html'],
  ['junit', 'report.junit.xml'],
  ['github', 'report.github.txt'],
];

for (const project of PROJECTS) {
  suite(project, () => {
    const knowledge = openKnowledge(index);
    const expected = (name: string): URL => new URL(`../projects/${project}.expected/${name}`, import.meta.url);
    let session: SessionApi;
    let report: ScanReport;

    before(async () => {
      session = createSession({ root: join(ROOT, project), knowledge });
      report = await session.scan();
    });
    after(() => session.dispose());

    test('is read without problems', () => assert.deepEqual(report.problems, []));

    test('has findings on every text they point at', async () => {
      for (const { span, evidence } of report.findings) {
        for (const place of [span, ...evidence.map(step => step.span)]) {
          const text = await session.text(place.file);
          assert.ok(text !== undefined && place.start <= place.end && place.end <= text.length, JSON.stringify(place));
          assert.ok(lineIndex(text).positionAt(place.start).line >= 0);
        }
      }
    });

    for (const [format, name] of REPORTS) {
      test(`${name} is the reviewed one`, async () => {
        const input: ReportInput = {
          // The goldens outlive releases.
          version: '0.0.0',
          findings: report.findings,
          problems: report.problems,
          stats: report.stats,
          rules: session.rules(),
          placeOf: placeFinder(await texts(session, filesOf(report.findings))),
        };
        assertGolden(expected(name), renderReport(format, input));
      });
    }

    test('routes.json is the reviewed one', async () => {
      const routes = await session.routes();
      const placeOf = placeFinder(await texts(session, filesOfRoutes(routes)));
      assertGolden(expected('routes.json'), renderRoutesJson(routes, placeOf));
    });

    test('trends.json is the reviewed one', async () => {
      const trends = await session.trends();
      const placeOf = placeFinder(await texts(session, filesOfTrends(trends)));
      assertGolden(expected('trends.json'), renderTrendsJson(trends, placeOf));
    });

    test('has nothing installed', () => {
      const folders = readdirSync(join(ROOT, project), { recursive: true, encoding: 'utf8' });
      assert.deepEqual(
        folders.filter(name => /(?:^|[\\/])node_modules(?:[\\/]|$)/.test(name)),
        [],
      );
    });
  });
}

/** Texts of files as the session holds them, for turning offsets into lines. */
async function texts(session: SessionApi, files: readonly string[]): Promise<(file: string) => string | undefined> {
  const known = new Map<string, string | undefined>();
  for (const file of files) known.set(file, await session.text(file));
  return file => known.get(file);
}
