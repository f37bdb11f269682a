import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, api, openFile, RULE, reported, until, uriOf } from './host.ts';

describe('views', () => {
  before(async () => {
    await openFile(APP);
    await until('a diagnostic', () => reported(APP).length > 0);
  });

  it('group findings by trend and lead to the code', async () => {
    const { findings } = await api();
    await vscode.commands.executeCommand('underpin.findings.focus');
    const groups = await until(
      'findings in the tree',
      async () => (await findings.groups()).length > 0 && findings.groups(),
    );
    const security = groups.find(({ name }) => name === 'security');
    assert.ok(security?.findings.some(({ ruleId, file }) => ruleId === RULE && file === APP));
  });

  it('list routes with verdicts and proof', async () => {
    const { routes } = await api();
    await vscode.commands.executeCommand('underpin.routes.focus');
    const list = await until('routes', async () => (await routes.routes()).length > 0 && routes.routes());
    const login = list.find(({ path }) => path === '/login');
    assert.equal(login?.method, 'POST');
    assert.equal(login?.framework, 'express');
    await vscode.commands.executeCommand('underpin.showRoutes', { route: login?.id });
  });

  it('filter routes, and show a hidden one that is asked for', async () => {
    const { routes } = await api();
    const paths = async () => (await routes.shown()).map(({ method, path }) => `${method} ${path}`);
    await routes.chooseFilter(['open']);
    assert.deepEqual(await paths(), ['DELETE /orders/:id']);
    await routes.chooseFilter(['changed']);
    assert.deepEqual(await paths(), [], 'the copied workspace has no history');
    const login = (await routes.routes()).find(({ path }) => path === '/login');
    await vscode.commands.executeCommand('underpin.showRoutes', { route: login?.id });
    assert.equal((await paths()).length, (await routes.routes()).length);
  });

  it('show the proof of a route, go to its handler and copy it as curl', async () => {
    const { routes } = await api();
    const route = (await routes.routes()).find(({ method, path }) => method === 'POST' && path === '/orders');
    const argument = { route: route?.id };
    await vscode.commands.executeCommand('underpin.showProof', argument);
    const tab = await until('a preview', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes('POST')),
    );
    await vscode.window.tabGroups.close(tab);
    await vscode.commands.executeCommand('underpin.goToHandler', argument);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor?.document.uri.path.endsWith('/src/orders.ts'));
    assert.equal(editor?.selection.active.line, route?.handler?.range.start.line);
    await vscode.commands.executeCommand('underpin.copyAsCurl', argument);
    assert.equal(
      await vscode.env.clipboard.readText(),
      'curl -X POST http://localhost:3000/orders -H "Authorization: Bearer $TOKEN"',
    );
  });

  it('write into the settings that a route is public', async () => {
    const { routes } = await api();
    const open = async () => (await routes.routes()).find(({ method }) => method === 'DELETE');
    await vscode.commands.executeCommand('underpin.markPublic', { route: (await open())?.id });
    const config = uriOf('underpin.config.jsonc');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(config));
    assert.match(text, /"publicRoutes": \["DELETE \/orders\/:id"\]/);
    await until('the route to be public', async () => (await open())?.isPublic !== undefined);
    // The editor keeps a document that it had open, so the text goes before the file does.
    await vscode.workspace.fs.writeFile(config, new TextEncoder().encode('{}'));
    await until('the route to be open again', async () => (await open())?.isPublic === undefined);
    await vscode.workspace.fs.delete(config);
  });

  it('know every trend and benefit', async () => {
    const { client } = await api();
    await vscode.commands.executeCommand('underpin.showTrends');
    const [folder] = await client.request('underpin/trends', {});
    assert.equal(folder?.trends.filter(({ kind }) => kind === 'trend').length, 10);
    assert.equal(folder?.trends.filter(({ kind }) => kind === 'benefit').length, 5);
  });

  it('show only changed files when asked to', async () => {
    const { findings } = await api();
    await vscode.commands.executeCommand('underpin.scanChangedFiles');
    assert.equal(
      (await findings.groups()).length,
      0,
      'the copied workspace has no history, so nothing counts as changed',
    );
    await vscode.commands.executeCommand('underpin.scanWorkspace');
    assert.notEqual((await findings.groups()).length, 0);
  });

  it('explain a finding in a page', async () => {
    const { client } = await api();
    const [finding] = (await client.request('underpin/findings', {})).filter(({ ruleId }) => ruleId === RULE);
    await vscode.commands.executeCommand('underpin.explainFinding', finding);
    const tab = await until('a preview', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ label }) => label.includes('session-cookie-flags')),
    );
    await vscode.window.tabGroups.close(tab);
  });

  it('export a report and write a baseline', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const target = vscode.Uri.joinPath(folder, 'report.sarif');
    await vscode.commands.executeCommand('underpin.exportReport', { format: 'sarif', target });
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    assert.ok(JSON.parse(text).runs[0].results.length > 0);
    await vscode.workspace.fs.delete(target);

    await vscode.commands.executeCommand('underpin.createBaseline');
    const baseline = vscode.Uri.joinPath(folder, '.underpin-baseline.jsonl');
    assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(baseline)), /session-cookie-flags/);
    await until('accepted findings to go', () => reported(APP).length === 0);
    await vscode.workspace.fs.delete(baseline);
    await until('findings without baseline', () => reported(APP).length > 0);
  });
});
