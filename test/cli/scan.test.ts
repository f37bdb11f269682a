import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../src/cli/run.ts';
import type { Problem } from '../../src/engine/model/finding.ts';
import { folderWith, markerSession, runIn } from '../harness/cli.ts';

const DANGER = { 'src/a.ts': 'const a = 1;\nDANGER();\n' };
const GAP: Problem = { code: 'file-too-large', message: 'big.js was skipped.', incomplete: true };
const MISTAKE: Problem = {
  code: 'invalid-config',
  message: 'pkg/underpin.config.jsonc:1:1 is wrong.',
  incomplete: false,
};

test('a clean folder and an empty folder end with 0', async t => {
  assert.deepEqual(await runIn(folderWith(t, { 'a.ts': 'fine();' }), ['scan']), {
    code: 0,
    out: 'No findings (1 file)\n',
    err: '',
  });
  assert.equal((await runIn(folderWith(t, {}), ['scan', '.'])).code, 0);
});

test('the exit code follows --fail-on, then the configuration, then error', async t => {
  const root = folderWith(t, DANGER);
  const code = async (severity: 'error' | 'warning', ...argv: string[]) =>
    (await runIn(root, ['scan', ...argv], { severity })).code;
  assert.equal(await code('error'), 1);
  assert.equal(await code('warning'), 0);
  assert.equal(await code('warning', '--fail-on', 'warning'), 1);
  assert.equal(await code('warning', '--fail-on=hint'), 1);
  assert.equal(await code('error', '--fail-on', 'never'), 0);

  const strict = folderWith(t, { ...DANGER, 'underpin.config.jsonc': '{ "failOn": "hint" }' });
  assert.equal((await runIn(strict, ['scan'], { severity: 'info' })).code, 1);
  assert.equal((await runIn(strict, ['scan', '--fail-on', 'error'], { severity: 'info' })).code, 0);
});

test('gaps end with 3, unless findings end with 1; mistakes in settings with 2', async t => {
  const clean = folderWith(t, { 'a.ts': '' });
  const dirty = folderWith(t, DANGER);
  assert.equal((await runIn(clean, ['scan'], { problems: [GAP] })).code, 3);
  assert.equal((await runIn(dirty, ['scan'], { problems: [GAP] })).code, 1);
  assert.equal((await runIn(dirty, ['scan', '--fail-on', 'never'], { problems: [GAP] })).code, 3);
  const both = await runIn(dirty, ['scan'], { problems: [GAP, MISTAKE] });
  assert.equal(both.code, 2);
  assert.match(both.out, /Here is danger/);
});

test('a broken configuration ends with 2 before anything is scanned', async t => {
  const root = folderWith(t, { ...DANGER, 'underpin.config.jsonc': '{ "failOn": "fatal" }' });
  const { code, out, err } = await runIn(root, ['scan'], { over: { scan: () => assert.fail('scanned') } });
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.equal(
    err,
    'underpin: underpin.config.jsonc:1:13 "failOn" must be one of "error", "warning", "info", "hint", "never".\n',
  );
});

test('wrong arguments end with 2, a sentence and no stack', async t => {
  const root = folderWith(t, DANGER);
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [['scan', 'nowhere'], /nowhere does not exist/],
    [['scan', 'src/a.ts'], /is a file/],
    [['scan', '--format', 'xml'], /Allowed choices are text, json/],
    [['scan', '--fail-on', 'fatal'], /Allowed choices/],
    [['scan', '--rule', 'security/sql-injecton'], /did you mean "security\/sql-injection"/],
    [['scan', '--rule', 'security/nope'], /There is no rule "security\/nope"; "underpin rules" lists them/],
    [['scan', '--rule', 'sql-injection'], /did you mean "security\/sql-injection"/],
    [['explain', 'sql'], /close to it:\n {2}security\/sql-injection/],
    [['explain', 'src/a.ts'], /Name a line of the file, such as src\/a\.ts:12/],
    [['scan', '--output', 'src'], /is a folder; name the file to write/],
    [['scan', '--trend', 'blockchain'], /Allowed are microservices/],
    [['scan', '--baseline', 'none.jsonl'], /none\.jsonl does not exist/],
    [['scan', '--output', 'no/such/folder.txt'], /its folder does not exist/],
    [['scan', '--nonsense'], /unknown option/],
    [['scan', 'a', 'b'], /too many arguments/],
    [['frobnicate'], /unknown command/],
    [['fix'], /--rule/],
    [['lsp'], /--stdio/],
    [[], /Usage: underpin/],
  ];
  for (const [argv, message] of wrong) {
    const { code, out, err } = await runIn(root, argv);
    assert.equal(code, 2, argv.join(' '));
    assert.match(err, message, argv.join(' '));
    assert.equal(out, '');
    assert.ok(!err.includes('    at '), err);
  }
});

test('--help and --version end with 0 on stdout', async t => {
  const root = folderWith(t, {});
  assert.match((await runIn(root, ['--help'])).out, /Exit codes: 0 clean/);
  assert.match((await runIn(root, ['scan', '--help'])).out, /--min-confidence/);
  assert.deepEqual(await runIn(root, ['--version']), { code: 0, out: '1.2.3\n', err: '' });
});

test('each format goes to stdout, alone', async t => {
  const root = folderWith(t, DANGER);
  const json = await runIn(root, ['scan', '--format', 'json'], { tty: false });
  assert.equal(JSON.parse(json.out).findings.length, 1);
  assert.equal(json.err, '');
  assert.equal(JSON.parse((await runIn(root, ['scan', '-f', 'sarif'])).out).version, '2.1.0');
});

test('--output writes the whole report to a file without colours', async t => {
  const root = folderWith(t, { ...DANGER, 'r.txt': 'old and longer than what comes'.repeat(100) });
  const { out, err, code } = await runIn(root, ['scan', '--color', '--output', 'r.txt']);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, /Report written to .*r\.txt\n/);
  const text = readFileSync(join(root, 'r.txt'), 'utf8');
  assert.match(text, /^src\/a\.ts\n {2}2:1 /);
  assert.ok(!text.includes('\u001b'));
});

test('filters: rule, trend, benefit, confidence', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();\nLOW DANGER();\n' });
  const found = async (...argv: string[]) =>
    JSON.parse((await runIn(root, ['scan', '-f', 'json', ...argv])).out).findings.length as number;
  assert.equal(await found(), 1);
  assert.equal(await found('--min-confidence', 'low'), 2);
  assert.equal(await found('--rule', 'security/sql-injection'), 1);
  assert.equal(await found('--rule', 'containers/root-user'), 0);
  assert.equal(await found('--rule', 'containers/root-user,security/sql-injection'), 1);
  assert.equal(await found('--trend', 'security'), 1);
  assert.equal(await found('--trend', 'edge', '--trend', 'graphql'), 0);
});

test('colours: on a terminal, unless NO_COLOR or a flag says otherwise', async t => {
  const root = folderWith(t, DANGER);
  const colored = async (argv: string[], tty: boolean, env = {}) =>
    (await runIn(root, ['scan', ...argv], { tty, env: { CI: '1', ...env } })).out.includes('\u001b');
  assert.equal(await colored([], true), true);
  assert.equal(await colored([], false), false);
  assert.equal(await colored([], true, { NO_COLOR: '1' }), false);
  assert.equal(await colored([], true, { NO_COLOR: '' }), true);
  assert.equal(await colored([], true, { TERM: 'dumb' }), false);
  assert.equal(await colored(['--no-color'], true), false);
  assert.equal(await colored(['--color'], false), true);
});

test('the bar is drawn on a terminal only and leaves a clean line', async t => {
  const root = folderWith(t, DANGER);
  const { err } = await runIn(root, ['scan'], { tty: true });
  assert.match(err, /█+░+ 50 % read\r\u001b\[K$/);
  assert.equal((await runIn(root, ['scan'], { tty: true, env: { TERM: 'dumb' } })).err, '');
});

test('--timing goes to stderr, and into JSON', async t => {
  const { out, err } = await runIn(folderWith(t, DANGER), ['scan', '-f', 'json', '--timing']);
  assert.match(err, /phase +ms\nextract +1\.0/);
  assert.deepEqual(JSON.parse(out).stats.phases, { extract: 1 });
});

test('the switches reach the session', async t => {
  const root = folderWith(t, {});
  const seen: unknown[] = [];
  const quiet = { isTTY: false, write: () => undefined };
  await runCli(
    ['scan', '--no-cache', '--all-files', '--min-confidence', 'low'],
    { stdout: quiet, stderr: quiet, env: {}, cwd: root },
    {
      version: '0',
      createSession(choice) {
        seen.push(choice);
        return markerSession(choice);
      },
      startLanguageServer: async () => undefined,
      page: async () => undefined,
      searchPages: async () => [],
    },
  );
  assert.deepEqual(seen, [{ root, cache: false, allFiles: true, minConfidence: 'low' }]);
});

test('the session is disposed of, also when the scan fails', async t => {
  let disposed = 0;
  const over = { dispose: () => void disposed++, scan: () => Promise.reject(new Error('boom')) };
  const { code, err } = await runIn(folderWith(t, {}), ['scan'], { over });
  assert.equal(code, 3);
  assert.match(err, /^underpin: internal error: boom\nSet UNDERPIN_DEBUG=1/);
  assert.equal(disposed, 1);
});

test('Ctrl+C ends with 130 and no report', async t => {
  const { code, out, err } = await runIn(folderWith(t, DANGER), ['scan'], { signal: AbortSignal.abort() });
  assert.deepEqual([code, out, err], [130, '', 'Cancelled.\n']);
});
