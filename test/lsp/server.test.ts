import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CodeAction, Diagnostic, Hover, WorkspaceDiagnosticReport, WorkspaceEdit } from 'vscode-languageserver';
import type { FindingView, FixView, RouteView } from '../../src/lsp/protocol.ts';
import { type Client, PULL, startClient } from './client.ts';

const SHOP = path.join(import.meta.dirname, '../vscode/fixtures/shop');
const RULE = 'security/session-cookie-flags';
const FLAW = "res.cookie('session', token);";

interface Report {
  readonly kind: 'full' | 'unchanged';
  readonly resultId: string;
  readonly items: readonly Diagnostic[];
}

function shop(): Record<string, string> {
  const files = ['package.json', 'src/app.ts', 'src/orders.ts', 'src/require-user.ts'];
  return Object.fromEntries(files.map(file => [file, fs.readFileSync(path.join(SHOP, file), 'utf8')]));
}

const pull = (client: Client, uri: string, previousResultId?: string): Promise<Report> =>
  client.request('textDocument/diagnostic', {
    textDocument: { uri },
    ...(previousResultId ? { previousResultId } : {}),
  });

async function flawOf(client: Client): Promise<{ uri: string; diagnostic: Diagnostic }> {
  const uri = await client.open('src/app.ts');
  const diagnostic = (await pull(client, uri)).items.find(({ code }) => code === RULE);
  assert.ok(diagnostic);
  return { uri, diagnostic };
}

const actionsAt = (client: Client, uri: string, { range }: Diagnostic): Promise<CodeAction[]> =>
  client.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [] } });

describe('the language server over stdio', () => {
  it('answers pulls with ids that change exactly when the diagnostics do', async () => {
    await using client = await startClient({ files: shop() });
    const uri = await client.open('src/app.ts');
    const first = await pull(client, uri);
    const diagnostic = first.items.find(({ code }) => code === RULE);
    assert.equal(diagnostic?.source, 'underpin');
    assert.equal((await pull(client, uri, first.resultId)).kind, 'unchanged');

    const text = fs.readFileSync(path.join(SHOP, 'src/app.ts'), 'utf8');
    await client.change('src/app.ts', 2, text.replace(FLAW, ''));
    assert.deepEqual(
      (await pull(client, uri, first.resultId)).items,
      [],
      'the text of the editor counts, not the disk',
    );
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    assert.deepEqual((await pull(client, uri)).items, first.items, 'after closing, the disk counts again');
  });

  it('reports the whole workspace, with evidence as related places, and takes reports back', async () => {
    await using client = await startClient({ files: shop() });
    const report = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] });
    const orders = report.items.find(({ uri }) => uri === client.uri('src/orders.ts'));
    assert.ok(orders?.kind === 'full');
    assert.ok((orders.items[0]?.relatedInformation ?? []).length > 0);

    fs.rmSync(path.join(client.root, 'src/orders.ts'));
    const changes = [{ uri: client.uri('src/orders.ts'), type: 3 }];
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    const previousResultIds = report.items.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
    const next = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds });
    const gone = next.items.find(({ uri }) => uri === client.uri('src/orders.ts'));
    assert.ok(gone?.kind === 'full' && gone.items.length === 0);
  });

  it('pushes to clients that cannot pull', async () => {
    await using client = await startClient({ files: shop(), capabilities: { workspace: { workspaceFolders: true } } });
    const pushed = await client.until(() =>
      client
        .seen<{ uri: string; diagnostics: Diagnostic[] }>('textDocument/publishDiagnostics')
        .find(({ uri }) => uri === client.uri('src/app.ts')),
    );
    assert.ok(pushed.diagnostics.some(({ code }) => code === RULE));
  });

  it('lists checked fixes first and gives their edit when asked', async () => {
    await using client = await startClient({ files: shop() });
    const { uri, diagnostic } = await flawOf(client);
    const actions = await actionsAt(client, uri, diagnostic);
    const [fix] = actions;
    assert.equal(fix?.isPreferred, true);
    assert.equal(fix.edit, undefined, 'the edit is lazy');
    const resolved = await client.request<CodeAction>('codeAction/resolve', fix);
    const [change] = resolved.edit?.documentChanges ?? [];
    assert.ok(change && 'textDocument' in change && change.textDocument.uri === uri);
    assert.match(JSON.stringify(change.edits), /httpOnly/);
    const suppress = actions.find(({ title }) => title.startsWith('Suppress'));
    assert.match(JSON.stringify(suppress?.edit), /underpin-ignore security\/session-cookie-flags -- /);
  });

  it('offers to fix all of a rule in the file and in the workspace where there are several', async () => {
    const login = (path: string): string => `app.post('/${path}', (req, res) => {\n  ${FLAW}\n  res.end();\n});`;
    const app = (...paths: readonly string[]): string =>
      `import express from 'express';\n\nconst app = express();\nconst token = 'x';\n${paths.map(login).join('\n')}\napp.listen(3000);\n`;
    const titles = async (files: Readonly<Record<string, string>>): Promise<string> => {
      await using client = await startClient({ files: { ...shop(), ...files } });
      const { uri, diagnostic } = await flawOf(client);
      const actions = await actionsAt(client, uri, diagnostic);
      return actions.map(({ title }) => title).join('\n');
    };
    assert.doesNotMatch(await titles({}), /Fix all/);
    const inFile = await titles({ 'src/app.ts': app('login', 'login2') });
    assert.match(inFile, /Fix all ‘.*’ in this file/);
    assert.doesNotMatch(inFile, /in the workspace/);
    const elsewhere = await titles({ 'src/other.ts': app('login3') });
    assert.match(elsewhere, /in the workspace…/);
    assert.doesNotMatch(elsewhere, /in this file/);
  });

  it('fixes all of a rule by command for clients without commands of their own', async () => {
    const edits: { edit: WorkspaceEdit }[] = [];
    await using client = await startClient({
      files: shop(),
      answers: {
        'workspace/applyEdit': (params: { edit: WorkspaceEdit }) => {
          edits.push(params);
          return { applied: true };
        },
      },
    });
    const done = await client.request('workspace/executeCommand', {
      command: 'underpin.fixAllOfRule',
      arguments: [{ ruleId: RULE }],
    });
    assert.equal(done, true);
    assert.match(JSON.stringify(edits[0]?.edit), /sameSite/);
  });

  it('ends a scan that the user cancels, says so, and scans again when asked', async () => {
    const body = Array.from({ length: 60 }, (_, at) => `export const f${at} = (a: number) => a * ${at};`).join('\n');
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`src/f${at}.ts`, `${body}\n// ${at}`]));
    await using client = await startClient({
      files: { ...shop(), ...files },
      capabilities: { ...PULL, window: { workDoneProgress: true } },
      initializationOptions: { underpin: true },
      answers: {
        'window/workDoneProgress/create': ({ token }: { token: string }) => {
          setTimeout(() => void client.connection.sendNotification('window/workDoneProgress/cancel', { token }), 50);
          return null;
        },
      },
    });
    const [stopped] = await client.until(() => {
      const seen = client.seen<{ reason: string }>('underpin/stopped');
      return seen.length > 0 && seen;
    });
    assert.equal(stopped?.reason, 'cancelled');
    assert.equal(client.seen('underpin/changed').length, 0);
    client.connection.onRequest('window/workDoneProgress/create', () => null);
    const summary = await client.request<{ findings: number }>('underpin/scan', { fresh: true });
    assert.ok(summary.findings > 0);
  });

  it('verifies a change of any origin by the same exam', async () => {
    await using client = await startClient({ files: shop() });
    await client.open('src/app.ts');
    const findings = await client.request<FindingView[]>('underpin/findings', {});
    const ref = findings.find(({ ruleId }) => ruleId === RULE);
    assert.ok(ref);
    const [fix] = await client.request<FixView[]>('underpin/fixes', ref);
    assert.ok(fix);
    assert.deepEqual(await client.request('underpin/verify', { ...ref, edit: fix.edit }), { ok: true, reasons: [] });
    const nothing = await client.request<{ ok: boolean }>('underpin/verify', { ...ref, edit: { documentChanges: [] } });
    assert.equal(nothing.ok, false);
  });

  it('explains findings and routes on hover, with names of the code made harmless', async () => {
    await using client = await startClient({ files: shop() });
    const { uri, diagnostic } = await flawOf(client);
    const at = (target: string, position: object): Promise<Hover | null> =>
      client.request('textDocument/hover', { textDocument: { uri: target }, position });
    const onFinding = await at(uri, diagnostic.range.start);
    assert.match(JSON.stringify(onFinding), /Next step/);
    const routes = await client.request<RouteView[]>('underpin/routes', {});
    const login = routes.find(route => route.path === '/login');
    assert.ok(login);
    assert.match(JSON.stringify(await at(login.uri, login.range.start)), /Authentication/);
  });

  it('shows code lenses only when the setting asks for them', async () => {
    const params = (client: Client) => ({ textDocument: { uri: client.uri('src/orders.ts') } });
    {
      await using client = await startClient({ files: shop() });
      assert.deepEqual(await client.request('textDocument/codeLens', params(client)), []);
    }
    await using client = await startClient({ files: shop(), settings: { codeLens: true } });
    await client.request('underpin/scan', { fresh: false });
    const lenses = await client.request<{ command: { title: string } }[]>('textDocument/codeLens', params(client));
    assert.equal(lenses.length, 3);
    assert.match(lenses[0]?.command.title ?? '', /^GET \/orders · auth yes$/);
  });

  it('keeps folders apart and gives a nested folder its own files', async () => {
    const files = Object.fromEntries(
      ['a', 'a/inner'].flatMap(folder => Object.entries(shop()).map(([file, text]) => [`${folder}/${file}`, text])),
    );
    await using client = await startClient({ files, folders: ['a', 'a/inner'] });
    const findings = await client.request<FindingView[]>('underpin/findings', {});
    const places = findings.filter(({ ruleId }) => ruleId === RULE).map(({ uri }) => uri);
    assert.deepEqual(places.sort(), [client.uri('a/inner/src/app.ts'), client.uri('a/src/app.ts')], 'each once');
  });

  it('asks for a rule no more than three diagnostics a file', async () => {
    const many = `${Array.from({ length: 5 }, (_, at) => `app.post('/login${at}', (req, res) => {\n  ${FLAW}\n  res.end();\n});`).join('\n')}\n`;
    const files = {
      ...shop(),
      'src/app.ts': `import express from 'express';\n\nconst app = express();\nconst token = 'x';\n${many}`,
    };
    await using client = await startClient({ files });
    const { items } = await pull(client, await client.open('src/app.ts'));
    assert.equal(items.filter(({ code }) => code === RULE).length, 3);
    const findings = await client.request<FindingView[]>('underpin/findings', {});
    assert.equal(findings.filter(({ ruleId }) => ruleId === RULE).length, 5, 'the view lists all of them');
  });

  it('announces what it can and refuses what it does not know', async () => {
    await using client = await startClient({ files: shop(), capabilities: PULL });
    const { capabilities } = client.initialized;
    assert.equal(capabilities.positionEncoding, 'utf-16');
    assert.ok(capabilities.codeActionProvider && capabilities.hoverProvider && capabilities.diagnosticProvider);
    await assert.rejects(
      client.request('underpin/fixes', { folder: 'file:///elsewhere', fingerprint: 'x' }),
      /no longer open/,
    );
  });
});
