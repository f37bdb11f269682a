import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensureBuilt } from '../../src/dev/fresh.ts';
import { dist } from '../../src/dev/paths.ts';
import { folderWith } from '../harness/cli.ts';

const ENTRY = join(dist, 'cli.js');

await ensureBuilt();

const SHOP = {
  'package.json':
    '{ "name": "shop", "type": "module", "dependencies": { "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }',
  'src/app.js': [
    "import express from 'express';",
    "import jwt from 'jsonwebtoken';",
    '',
    'function requireAuth(req, res, next) {',
    '  const token = req.headers.authorization;',
    '  if (!token) return res.status(401).end();',
    '  req.user = jwt.verify(token, process.env.JWT_SECRET);',
    '  next();',
    '}',
    '',
    'const app = express();',
    "app.get('/orders', requireAuth, (req, res) => res.json([]));",
    "app.delete('/orders/:id', (req, res) => res.json({ id: req.params.id }));",
    'app.listen(3000);',
    '',
  ].join('\n'),
};
const OPEN_ROUTE = "app.delete('/orders";

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function underpin(cwd: string, argv: readonly string[], as: { uid?: number; gid?: number } = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const env = { ...process.env, XDG_CACHE_HOME: join(cwd, '.cache') };
    const child = spawn(process.execPath, [ENTRY, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...as });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
    child.on('error', fail).on('close', code => done({ code, ...texts }));
  });
}

interface Report {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly fingerprint: string;
    readonly suppression?: object;
  }[];
  readonly problems: readonly { readonly code: string }[];
}

async function report(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  ...argv: string[]
): Promise<Answer & { report: Report }> {
  const answer = await underpin(folderWith(t, files), ['scan', '--format', 'json', ...argv]);
  return { ...answer, report: JSON.parse(answer.out) as Report };
}

test('an empty folder is clean', async t => {
  assert.deepEqual(await underpin(folderWith(t, {}), ['scan']), { code: 0, out: 'No findings (0 files)\n', err: '' });
});

test('a folder without a backend is quiet', async t => {
  const { code, report: result } = await report(
    t,
    {
      'package.json': '{ "name": "site", "dependencies": { "react": "^19.0.0" } }',
      'src/App.tsx': "export function App() {\n  return <p>It's me</p>;\n}\n",
      'src/math.ts': 'export const add = (a: number, b: number) => a + b;\n',
      'README.md': '# Site\n',
      'style.css': 'p { color: red }\n',
    },
    '--fail-on',
    'hint',
  );
  assert.deepEqual(result.findings, []);
  assert.deepEqual(result.problems, []);
  assert.equal(code, 0);
});

test('findings decide between 0 and 1', async t => {
  const { code, report: result, err } = await report(t, SHOP, '--fail-on', 'warning');
  assert.ok(result.findings.some(({ ruleId }) => ruleId === 'security/missing-auth'));
  assert.equal(code, 1);
  assert.equal(err, '');
  assert.equal((await report(t, SHOP, '--fail-on', 'never')).code, 0);
});

test('the same folder gives the same bytes, cached or not', async t => {
  const root = folderWith(t, SHOP);
  const scan = ['scan', '--format', 'json'];
  const first = await underpin(root, scan);
  assert.deepEqual(await underpin(root, scan), first);
  assert.deepEqual(await underpin(root, [...scan, '--no-cache']), first);
});

test('a broken configuration ends with 2 and a place', async t => {
  const broken = await underpin(folderWith(t, { ...SHOP, 'underpin.config.jsonc': '{ "rules": {' }), ['scan']);
  assert.equal(broken.code, 2);
  assert.equal(broken.out, '');
  assert.match(broken.err, /^underpin: underpin\.config\.jsonc:1:13 is not valid JSON/);

  const nested = await report(t, {
    ...SHOP,
    'packages/a/package.json': '{}',
    'packages/a/underpin.config.jsonc': '{ "rulez": 1 }',
  });
  assert.equal(nested.code, 2);
  assert.ok(nested.report.problems.some(({ code }) => code === 'invalid-config'));
});

test('a folder that may not be read makes the result incomplete', async t => {
  const root = folderWith(t, { 'src/a.ts': 'export {};\n', 'locked/b.ts': 'export {};\n' });
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(root, 0o755);
  chmodSync(join(root, 'locked'), 0o000);
  const { code, out, err } = await underpin(root, ['scan'], nobody).finally(() =>
    chmodSync(join(root, 'locked'), 0o755),
  );
  assert.equal(code, 3, err);
  assert.match(out, /Incomplete: .*locked/);
  assert.ok(!err.includes('    at '));
});

test('a baseline accepts what is there and a comment ignores it', async t => {
  const root = folderWith(t, SHOP);
  assert.equal((await underpin(root, ['baseline', 'create'])).code, 0);
  assert.match(readFileSync(join(root, '.underpin-baseline.jsonl'), 'utf8'), /"rule":"security\/missing-auth"/);
  assert.equal((await underpin(root, ['scan', '--fail-on', 'hint'])).code, 0);

  const ignored = SHOP['src/app.js'].replace(
    OPEN_ROUTE,
    `// underpin-ignore security/missing-auth -- a test\n${OPEN_ROUTE}`,
  );
  const other = folderWith(t, { ...SHOP, 'src/app.js': ignored });
  const { out } = await underpin(other, ['scan', '--format', 'json', '--rule', 'security/missing-auth']);
  const { findings } = JSON.parse(out) as Report;
  assert.equal(findings.length, 1);
  assert.ok(findings[0]?.suppression);
});

test('routes, trends, rules and explain answer', async t => {
  const root = folderWith(t, SHOP);
  assert.match((await underpin(root, ['routes'])).out, /^DELETE +\/orders\/:id .* src\/app\.js:13$/m);
  const { trends } = JSON.parse((await underpin(root, ['trends', '--format', 'json'])).out) as {
    trends: { kind: string }[];
  };
  assert.equal(trends.filter(({ kind }) => kind === 'trend').length, 10);
  assert.equal(trends.filter(({ kind }) => kind === 'benefit').length, 5);
  const { rules } = JSON.parse((await underpin(root, ['rules', '--format', 'json'])).out) as {
    rules: { id: string }[];
  };
  assert.ok(rules.some(({ id }) => id === 'security/missing-auth'));
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  assert.match((await underpin(root, ['explain', 'security/missing-auth'])).out, /^security\/missing-auth: /);
  const place = await underpin(root, ['explain', 'src/app.js:13']);
  assert.equal(place.code, 0);
  assert.match(place.out, /orders/);
});

test('fix --dry-run changes nothing and fix leaves a folder that still scans', async t => {
  const root = folderWith(t, SHOP);
  const before = readFileSync(join(root, 'src/app.js'), 'utf8');
  const { code } = await underpin(root, ['fix', '--rule', 'security/missing-auth', '--dry-run']);
  assert.equal(code, 0);
  assert.equal(readFileSync(join(root, 'src/app.js'), 'utf8'), before);
  writeFileSync(join(root, 'src/app.js'), before);
  assert.equal((await underpin(root, ['fix', '--rule', 'security/missing-auth'])).code, 0);
  assert.notEqual((await underpin(root, ['scan'])).code, 3);
});
