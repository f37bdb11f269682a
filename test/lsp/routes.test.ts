import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CodeAction, CodeLens, Hover, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver';
import { CONFIG_FILE } from '../../src/engine/config/config.ts';
import type { FindingView, RouteView } from '../../src/lsp/protocol.ts';
import { type Client, startClient } from './client.ts';

const RULE = 'security/missing-auth';
const FILES = {
  'package.json':
    '{ "name": "shop", "type": "module", "dependencies": { "express": "5.1.0", "jsonwebtoken": "9.0.2" } }',
  'src/app.ts': `import express from 'express';
import jwt from 'jsonwebtoken';
import { remove } from './remove.ts';

function requireUser(req, res, next) {
  const token = req.headers.authorization;
  if (!token) return res.status(401).end();
  res.locals.user = jwt.verify(token, process.env.JWT_KEY, { algorithms: ['HS256'] });
  next();
}

function onlyFromOffice(req, res, next) {
  res.locals.office = true;
  next();
}

const app = express();
app.get('/orders', requireUser, (req, res) => res.json([]));
app.delete('/orders/:id', onlyFromOffice, remove);
app.listen(3000);
`,
  'src/remove.ts': `export function remove(req, res) {
  res.status(204).end();
}
`,
};

async function openRoute(client: Client): Promise<RouteView> {
  const routes = await client.request<RouteView[]>('underpin/routes', {});
  const route = routes.find(({ method }) => method === 'DELETE');
  assert.ok(route);
  return route;
}

async function findings(client: Client): Promise<string[]> {
  const list = await client.request<FindingView[]>('underpin/findings', {});
  return list.filter(({ ruleId }) => ruleId === RULE).map(({ message }) => message);
}

/** The text that the edit gives a file it creates. */
function created(edit: WorkspaceEdit | null): string {
  const [, change] = edit?.documentChanges ?? [];
  return (change as TextDocumentEdit).edits.map(each => ('newText' in each ? each.newText : '')).join('');
}

describe('routes over the language server', () => {
  it('come with what a request passes, in order', async () => {
    await using client = await startClient({ files: FILES });
    const routes = await client.request<RouteView[]>('underpin/routes', {});
    const get = routes.find(({ method }) => method === 'GET');
    const [step] = get?.steps ?? [];
    assert.equal(step?.level, 'route');
    assert.equal(step?.name, 'src/app.ts#requireUser');
    assert.deepEqual(
      step.evidence.map(({ uri, range }) => [uri, range.start.line + 1]),
      [6, 8, 7].map(line => [client.uri('src/app.ts'), line]),
    );
    const { handler, steps } = await openRoute(client);
    assert.equal(handler?.uri, client.uri('src/remove.ts'));
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['src/app.ts#onlyFromOffice'],
    );
  });

  it('learn from the settings that a function is a guard', async () => {
    await using client = await startClient({ files: FILES });
    assert.equal((await findings(client)).length, 1);
    const route = await openRoute(client);
    const params = { folder: route.folder, route: route.id, key: 'guards', name: 'src/app.ts#onlyFromOffice' };
    const edit = await client.request<WorkspaceEdit | null>('underpin/teach', params);
    assert.match(created(edit), /"guards": \["src\/app\.ts#onlyFromOffice"\]/);
    fs.writeFileSync(path.join(client.root, CONFIG_FILE), created(edit));
    const uri = client.uri(CONFIG_FILE);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    assert.deepEqual(await findings(client), []);
    assert.equal((await openRoute(client)).verdicts.auth, 'yes');
    assert.equal(await client.request('underpin/teach', params), null, 'the settings say so already');
  });

  it('offer on a finding to name a guard or a public route', async () => {
    await using client = await startClient({ files: FILES });
    await client.open('src/app.ts');
    const { uri, range } = await openRoute(client);
    const params = { textDocument: { uri }, range, context: { diagnostics: [] } };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', params);
    const open = actions.find(({ title }) => title === 'This route is public: DELETE /orders/:id');
    assert.match(created(open?.edit ?? null), /"publicRoutes": \["DELETE \/orders\/:id"\]/);
    assert.ok(actions.some(({ title }) => title === 'This is a guard: onlyFromOffice'));
  });

  it('are told above the registration and above a handler elsewhere, and on hover', async () => {
    await using client = await startClient({ files: FILES, settings: { codeLens: true } });
    await client.request('underpin/scan', { fresh: false });
    const lensesOf = (file: string): Promise<CodeLens[]> =>
      client.request('textDocument/codeLens', { textDocument: { uri: client.uri(file) } });
    const titles = async (file: string): Promise<(string | undefined)[]> =>
      (await lensesOf(file)).map(({ command }) => command?.title);
    assert.deepEqual(await titles('src/remove.ts'), ['DELETE /orders/:id · auth no · unchecked params']);
    assert.deepEqual(await titles('src/app.ts'), [
      'GET /orders · auth yes',
      'DELETE /orders/:id · auth no · unchecked params',
    ]);
    const routes = await client.request<RouteView[]>('underpin/routes', {});
    const get = routes.find(({ method }) => method === 'GET');
    const hover = await client.request<Hover | null>('textDocument/hover', {
      textDocument: { uri: get?.uri },
      position: get?.range.start,
    });
    assert.match(JSON.stringify(hover), /On the way.*1\. on the route: requireUser checks who is calling/);
  });
});
