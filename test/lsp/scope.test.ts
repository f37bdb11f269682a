import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { type Client, startClient } from './client.ts';

const FLAWED = `import express from 'express';

const app = express();

app.post('/login', (req, res) => {
  res.cookie('session', req.body.token);
  res.json({ ok: true });
});
`;

const FILES = { 'package.json': '{ "dependencies": { "express": "^5.0.0" } }', 'src/app.ts': FLAWED };

function git(client: Client, ...args: string[]): void {
  const who = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', client.root, ...who, ...args], { stdio: 'pipe' });
}

async function flawed(client: Client): Promise<readonly string[]> {
  const { items } = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] });
  return items.flatMap(({ kind, uri, ...report }) =>
    kind === 'full' && 'items' in report && report.items.length > 0 ? [uri] : [],
  );
}

const touched = (client: Client, file: string): Promise<void> =>
  client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: client.uri(file), type: 2 }],
  });

describe('findings of changed files only', () => {
  it('go with a commit and come back when the open file is saved', async () => {
    await using client = await startClient({ files: FILES, settings: { scope: 'changed' } });
    git(client, 'init', '--quiet');
    git(client, 'add', '.');
    git(client, 'commit', '--quiet', '--message', 'first');
    fs.appendFileSync(path.join(client.root, 'src/app.ts'), '\n// touched\n');
    await touched(client, 'src/app.ts');
    assert.deepEqual(await flawed(client), [client.uri('src/app.ts')], 'the file differs from the last commit');

    git(client, 'commit', '--quiet', '--all', '--message', 'second');
    await touched(client, '.git/HEAD');
    await client.until(async () => (await flawed(client)).length === 0);

    await client.open('src/app.ts');
    assert.deepEqual(await flawed(client), [], 'an open file is no changed file');
    fs.appendFileSync(path.join(client.root, 'src/app.ts'), '\n// saved\n');
    await touched(client, 'src/app.ts');
    await client.until(async () => (await flawed(client)).length === 1);
  });

  it('are those of every file where there is no history', async () => {
    await using client = await startClient({ files: FILES, settings: { scope: 'changed' } });
    assert.deepEqual(await flawed(client), [client.uri('src/app.ts')]);
  });
});
