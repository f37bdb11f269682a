import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import fc from 'fast-check';
import { factsOf } from '../../src/engine/facts-of.ts';
import { filesOf, placeFinder } from '../../src/report/input.ts';
import { renderJson } from '../../src/report/json.ts';
import type { ChangedDocument, SessionApi } from '../../src/session/api.ts';
import { extractAll } from '../../src/session/extract-pool.ts';
import { createSession } from '../../src/session/session.ts';
import { bodyEdits, editBody } from '../harness/body-edits.ts';
import { projectFolder, projectTexts, sampleSources } from '../harness/samples.ts';

/** Invariant 7: incremental equals from scratch, cold equals cached, one thread equals many: the same JSON report. */
const PROJECTS = ['express-shop', 'nest-service', 'serverless-edge'];
const RUNS = 12;
const temporary: string[] = [];
after(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

suite('invariant 7: incremental equals from scratch', () => {
  for (const project of PROJECTS) {
    test(`${project} after any edits gives the report of a fresh session`, async () => {
      const root = projectFolder(project);
      const texts = projectTexts(project);
      const living = createSession({ root });
      await living.scan();
      await fc.assert(
        fc.asyncProperty(fc.array(edits(texts), { minLength: 1, maxLength: 3 }), async rounds => {
          const open = new Map<string, string>();
          for (const round of rounds) {
            for (const { file, text } of round) {
              if (text === undefined) open.delete(file);
              else open.set(file, text);
            }
            living.applyChanges(round);
            await living.scan();
          }
          const fresh = createSession({ root });
          fresh.applyChanges([...open].map(([file, text]) => ({ file, text })));
          const [is, should] = [await reportOf(living), await reportOf(fresh)];
          fresh.dispose();
          living.applyChanges([...open.keys()].map(file => ({ file })));
          assert.equal(is, should);
        }),
        { numRuns: RUNS },
      );
      living.dispose();
    });
  }

  test('an edit that arrives while a scan runs is not lost', async () => {
    const root = projectFolder('express-shop');
    const session = createSession({ root });
    const file = 'src/routes/products.ts';
    const first = session.scan({
      onProgress: (done, total) => {
        if (done === total) session.applyChanges([{ file, text: '' }]);
      },
    });
    await first;
    assert.ok((await session.routes()).every(route => route.span.file !== file));
    session.dispose();
  });

  test('an edit that arrives between files of a scan is not lost', async () => {
    const session = createSession({ root: projectFolder('express-shop') });
    const file = 'Dockerfile';
    const running = session.scan();
    setImmediate(() => session.applyChanges([{ file, text: 'FROM scratch\n' }]));
    await running;
    await session.scan();
    const { findings } = await session.scan();
    assert.deepEqual(
      findings.filter(({ span }) => span.file === file),
      [],
    );
    session.dispose();
  });

  test('an ignored, installed or foreign file that an editor opens stays out', async () => {
    const session = createSession({ root: projectFolder('express-shop') });
    const expected = await reportOf(session);
    const text = "import express from 'express';\nexpress().post('/x', (req, res) => res.end());\n";
    for (const file of ['dist/app.js', 'node_modules/x/index.js', '.env', 'notes.md']) {
      session.applyChanges([{ file, text }]);
      assert.equal(await reportOf(session), expected, file);
      assert.equal(await session.text(file), text);
    }
    session.applyChanges([{ file: 'src/new.ts', text }]);
    assert.notEqual(await reportOf(session), expected);
    session.dispose();
  });

  test('a cancelled scan leaves nothing half known', async () => {
    const root = projectFolder('nest-service');
    const session = createSession({ root });
    const controller = new AbortController();
    const cancelled = session.scan({ signal: controller.signal, onProgress: () => controller.abort() });
    await assert.rejects(cancelled, { name: 'AbortError' });
    const fresh = createSession({ root });
    assert.equal(await reportOf(session), await reportOf(fresh));
  });
});

suite('invariant 7: cold equals cached', () => {
  for (const project of PROJECTS) {
    test(`${project} from the cache gives the report of a cold scan, before and after an edit`, async () => {
      const root = copyOf(project);
      const cacheFolder = temporaryFolder();
      const cold = createSession({ root, cacheFolder });
      const expected = await reportOf(cold);
      const cached = createSession({ root, cacheFolder });
      assert.equal(await reportOf(cached), expected);
      const { stats } = await cached.scan();
      assert.ok(stats.cachedFiles > 0, 'the cache was used');

      const file = [...projectTexts(project).keys()].find(path => path.endsWith('.ts'))!;
      writeFileSync(join(root, file), '');
      const again = createSession({ root, cacheFolder });
      const none = createSession({ root });
      assert.equal(await reportOf(again), await reportOf(none));
      for (const session of [cold, cached, again, none]) session.dispose();
    });
  }

  const unusable: readonly (readonly [string, string, (file: string) => void])[] = [
    ['of another build', 'two', () => undefined],
    ['that was cut', 'one', file => writeFileSync(file, readFileSync(file).subarray(0, 5000))],
    ['that is none', 'one', file => writeFileSync(file, 'not a cache')],
  ];
  for (const [name, buildId, change] of unusable) {
    test(`a cache ${name} is not used`, async () => {
      const root = copyOf('express-shop');
      const cacheFolder = temporaryFolder();
      const expected = await reportOf(createSession({ root, cacheFolder, buildId: 'one' }));
      for (const file of readdirSync(cacheFolder)) change(join(cacheFolder, file));
      const session = createSession({ root, cacheFolder, buildId });
      assert.equal(await reportOf(session), expected);
      assert.equal((await session.scan()).stats.cachedFiles, 0);
    });
  }
});

suite('invariant 7: one thread equals many', () => {
  test('workers give the facts that this thread gives', async () => {
    // Enough text that threads pay.
    const samples = sampleSources();
    const size = samples.reduce((sum, { text }) => sum + text.length, 0);
    const copies = Math.ceil(6_500_000 / size);
    const jobs = Array.from({ length: copies }, (_, at) =>
      samples.map(({ path, text }) => ({ path: `${at}/${path}`, text })),
    ).flat();
    const expected = new Map(samples.map(({ path, text }) => [path, factsOf(path, text)]));
    let done = 0;
    await extractAll(
      jobs,
      ({ path }, facts) => {
        const own = expected.get(path.slice(path.indexOf('/') + 1));
        assert.equal(JSON.stringify(facts), JSON.stringify({ ...own, path }));
        done++;
      },
      {
        workerUrl: new URL('../../src/worker.ts', import.meta.url),
        threads: 1,
        signal: undefined,
        pause: () => new Promise(resolve => setImmediate(resolve)),
      },
    );
    assert.equal(done, jobs.length);
  });
});

/** One edit or several at once: texts changed, emptied, put back, or given to files that are not there. */
function edits(texts: ReadonlyMap<string, string>): fc.Arbitrary<ChangedDocument[]> {
  const file = fc.constantFrom(...texts.keys());
  const changed = fc
    .tuple(file, fc.nat(), fc.nat(), fc.constantFrom('cut', 'double', 'drop line', 'move line'))
    .map(([path, from, size, how]) => ({ file: path, text: mutate(texts.get(path)!, from, size, how) }));
  const inBody = fc
    .tuple(file, bodyEdits)
    .map(([path, edit]) => ({ file: path, text: editBody(path, texts.get(path)!, edit) ?? texts.get(path)! }));
  const edit = fc.oneof(
    { weight: 6, arbitrary: changed },
    { weight: 6, arbitrary: inBody },
    { weight: 1, arbitrary: file.map(path => ({ file: path, text: '' })) },
    { weight: 1, arbitrary: file.map(path => ({ file: path })) },
    { weight: 1, arbitrary: file.map(path => ({ file: `copy/${path}`, text: texts.get(path)! })) },
  );
  return fc.array(edit, { minLength: 1, maxLength: 3 });
}

function mutate(text: string, from: number, size: number, how: string): string {
  const at = from % (text.length + 1);
  const length = size % 60;
  if (how === 'cut') return text.slice(0, at) + text.slice(at + length);
  if (how === 'double') return text.slice(0, at + length) + text.slice(at);
  const lines = text.split('\n');
  const [line = ''] = lines.splice(from % lines.length, 1);
  if (how === 'move line') lines.splice(size % (lines.length + 1), 0, line);
  return lines.join('\n');
}

/** The JSON report, which is all that a surface can show of a scan. */
async function reportOf(session: SessionApi): Promise<string> {
  const { findings, problems, stats } = await session.scan();
  const texts = new Map<string, string | undefined>();
  for (const file of filesOf(findings)) texts.set(file, await session.text(file));
  const placeOf = placeFinder(file => texts.get(file));
  return renderJson({ version: '0.0.0', findings, problems, stats, rules: session.rules(), placeOf });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'underpin-'));
  temporary.push(folder);
  return folder;
}

function copyOf(project: string): string {
  const folder = temporaryFolder();
  cpSync(projectFolder(project), folder, { recursive: true });
  return folder;
}
