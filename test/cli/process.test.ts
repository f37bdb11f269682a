import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith } from '../harness/cli.ts';

const ENTRY = fileURLToPath(new URL('../harness/cli-process.ts', import.meta.url));

function start(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [ENTRY, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += chunk as string;
  return text;
}

test('a report larger than a pipe arrives whole, with the exit code', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();\n'.repeat(3000) });
  const child = start(root, ['scan', '--format', 'json']);
  const closed = once(child, 'close');
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  assert.ok(out.length > 1_000_000);
  assert.equal(JSON.parse(out).findings.length, 3000);
  assert.equal(err, '');
  assert.deepEqual(await closed, [1, null]);
});

test('a reader that goes away ends the command quietly', async t => {
  const root = folderWith(t, { 'a.ts': 'DANGER();\n'.repeat(3000) });
  const child = start(root, ['scan', '--format', 'json']);
  const closed = once(child, 'close');
  const err = textOf(child.stderr);
  child.stdout.once('data', () => child.stdout.destroy());
  assert.deepEqual(await closed, [1, null]);
  assert.equal(await err, '');
});

test('Ctrl+C ends a running scan at once', async t => {
  const child = start(folderWith(t, { 'a.ts': 'DANGER();' }), ['scan'], { ENDLESS: '1' });
  const closed = once(child, 'close');
  const out = textOf(child.stdout);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (text.includes('scanning')) child.kill('SIGINT');
  });
  assert.deepEqual(await closed, [130, null]);
  assert.equal(await out, '');
  assert.equal(err, 'scanning\nCancelled.\n');
});
