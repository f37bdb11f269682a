import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { overlay } from '../../src/engine/fixes/exam.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import { toFile } from '../../src/lsp/uris.ts';
import { filesOf, type PlaceFinder, placeFinder } from '../../src/report/input.ts';
import { renderJson } from '../../src/report/json.ts';
import type { SessionApi } from '../../src/session/api.ts';
import { createSession } from '../../src/session/session.ts';
import { projectFolder, projectTexts } from '../harness/samples.ts';
import { startClient } from '../lsp/client.ts';

const PROJECTS = ['express-shop', 'nest-service', 'serverless-edge'];
const root = join(import.meta.dirname, '../..');

suite('invariant 9: no fix is offered that was not examined', () => {
  for (const project of PROJECTS) {
    test(`every fix of ${project} removes its finding and adds none`, async () => {
      const session = createSession({ root: projectFolder(project) });
      const { findings } = await session.scan();
      const before = new Set(findings.map(({ fingerprint }) => fingerprint));
      let fixed = 0;
      for (const { fingerprint } of findings) {
        for (const { change } of await session.fixes(fingerprint)) {
          const texts = new Map<string, string | undefined>();
          for (const { span } of change.edits) texts.set(span.file, await session.text(span.file));
          const laid = overlay(change, file => texts.get(file));
          assert.ok(laid);
          session.applyChanges([...laid.files].map(([file, text]) => ({ file, text })));
          const after = (await session.scan()).findings.map(one => one.fingerprint);
          assert.ok(!after.includes(fingerprint));
          assert.deepEqual(
            after.filter(one => !before.has(one)),
            [],
          );
          session.applyChanges([...laid.files.keys()].map(file => ({ file })));
          await session.scan();
          fixed++;
        }
      }
      assert.ok(fixed > 0);
      session.dispose();
    });
  }

  test('a change that removes nothing, breaks the file or lies outside of it fails the exam', async () => {
    const session = createSession({ root: projectFolder('express-shop') });
    const { findings } = await session.scan();
    const finding = findings.find(({ span }) => span.file.endsWith('.ts'))!;
    const { file } = finding.span;
    const edit = (start: number, end: number, text: string) => ({
      edits: [{ span: { file, start, end }, text }],
      newFiles: [],
    });
    for (const change of [edit(0, 0, '// nothing\n'), edit(0, 0, 'import {{'), edit(0, 10_000_000, '')]) {
      const { ok, reasons } = await session.verify(finding.fingerprint, change);
      assert.equal(ok, false);
      assert.ok(reasons.length > 0 && reasons.every(reason => reason.endsWith('.')), reasons.join());
    }
    session.dispose();
  });
});

suite('invariant 12: surfaces give the same findings', () => {
  const project = 'nest-service';

  test('the command line reports what the session found', async () => {
    const folder = projectFolder(project);
    const session = createSession({ root: folder });
    const { findings, problems, stats } = await session.scan();
    const placeOf = await placesOf(session, findings);
    const expected = renderJson({ version: '', findings, problems, stats, rules: session.rules(), placeOf });
    session.dispose();
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'src/cli.ts', 'scan', folder, '--format', 'json', '--no-cache'],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    assert.equal(stderr, '');
    const withoutTool = (text: string): unknown => ({ ...JSON.parse(text), tool: undefined });
    assert.deepEqual(withoutTool(stdout), withoutTool(expected));
  });

  test('the language server shows what the session found', async () => {
    const session = createSession({ root: projectFolder(project) });
    const { findings } = await session.scan();
    const placeOf = await placesOf(session, findings);
    const expected = findings
      .filter(({ suppression }) => !suppression)
      .map(
        ({ ruleId, span, message }) =>
          `${span.file}:${placeOf(span).line}:${placeOf(span).column} ${ruleId} ${message}`,
      );
    session.dispose();
    await using client = await startClient({
      files: Object.fromEntries(projectTexts(project)),
      settings: { maximumPerRule: 0 },
    });
    const { items } = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', {
      previousResultIds: [],
    });
    const shown = items.flatMap(report =>
      report.kind === 'full'
        ? report.items.map(({ code, range, message }) => {
            const file = toFile(client.uri(''), report.uri);
            return `${file}:${range.start.line + 1}:${range.start.character + 1} ${code} ${message}`;
          })
        : [],
    );
    assert.deepEqual(shown.sort(), expected.sort());
  });
});

async function placesOf(session: SessionApi, findings: readonly Finding[]): Promise<PlaceFinder> {
  const texts = new Map<string, string | undefined>();
  for (const file of filesOf(findings)) texts.set(file, await session.text(file));
  return placeFinder(file => texts.get(file));
}
