import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '../harness/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'underpin-network-'));
after(() => rmSync(folder, { recursive: true, force: true }));

suite('invariant 14: a scan opens no socket', () => {
  const session = pathToFileURL(join(import.meta.dirname, '../../src/session/session.ts')).href;

  test('neither do routes, trends, fixes and explanations', () => {
    const roots = ['express-shop', 'nest-service', 'serverless-edge'].map(projectFolder);
    const { status, stdout, stderr, calls } = runWithoutNetwork(`
      const { createSession } = await import(${JSON.stringify(session)});
      for (const root of ${JSON.stringify(roots)}) {
        const session = createSession({ root, cacheFolder: ${JSON.stringify(folder)} });
        const { findings } = await session.scan();
        await session.routes();
        await session.trends();
        for (const one of findings) {
          await session.fixes(one.fingerprint);
          await session.explain(one.span.file, one.span.start);
        }
        session.dispose();
        console.log(findings.length);
      }
    `);
    assert.equal(status, 0, stderr);
    assert.deepEqual(calls, []);
    const counts = stdout.trim().split('\n').map(Number);
    assert.ok(counts.length === roots.length && counts.every(count => count > 0), stdout);
  });

  const attempts: readonly (readonly [string, string])[] = [
    ['fetch', "await fetch('http://127.0.0.1:9/')"],
    ['net.connect', "import { connect } from 'node:net'; connect(9, '127.0.0.1')"],
    ['http.createServer', "import http from 'node:http'; http.createServer().listen(0)"],
    ['dns.promises.lookup', "import { lookup } from 'node:dns/promises'; await lookup('localhost')"],
    ['net.Socket#connect', "import net from 'node:net'; new net.Socket().connect(9)"],
  ];
  for (const [name, program] of attempts) {
    test(`the trap notices ${name}`, () => {
      const { status, calls } = runWithoutNetwork(program);
      assert.notEqual(status, 0);
      assert.deepEqual(calls, [name]);
    });
  }
});

/** Runs a program in which every way to the network is refused and told. */
function runWithoutNetwork(program: string): {
  status: number | null;
  stdout: string;
  stderr: string;
  calls: readonly string[];
} {
  const log = join(folder, 'calls.log');
  rmSync(log, { force: true });
  const trap = pathToFileURL(join(import.meta.dirname, '../harness/no-network.ts')).href;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', trap, '--input-type=module', '--eval', program],
    { encoding: 'utf8', env: { ...process.env, NETWORK_LOG: log, NODE_OPTIONS: '' } },
  );
  const calls = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
  return { status, stdout, stderr, calls };
}
