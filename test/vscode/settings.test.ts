import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, api, openFile, reported, until, uriOf, withSetting } from './host.ts';

describe('settings', () => {
  before(async () => {
    await openFile(APP);
    await until('a diagnostic', () => reported(APP).length > 0);
  });

  afterEach(() => until('the diagnostic back', () => reported(APP).length > 0));

  it('hide what is not severe enough', () =>
    withSetting('minimumSeverity', 'error', async () => {
      await until('no warning', () => reported(APP).length === 0);
    }));

  it('switch everything off and on again', () =>
    withSetting('enable', false, async () => {
      await until('no diagnostics', () => reported(APP).length === 0);
    }));

  it('show code lenses on routes only when asked to', async () => {
    const lenses = (): Thenable<vscode.CodeLens[]> =>
      vscode.commands.executeCommand('vscode.executeCodeLensProvider', uriOf(APP), 10);
    assert.equal((await lenses()).length, 0);
    await withSetting('codeLens', true, async () => {
      const [lens] = await until('a code lens', async () => (await lenses()).length > 0 && lenses());
      assert.match(lens?.command?.title ?? '', /auth|public/);
    });
  });

  it('explain a finding on hover', async () => {
    const [diagnostic] = reported(APP);
    assert.ok(diagnostic);
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      uriOf(APP),
      diagnostic.range.start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map(each => (typeof each === 'string' ? each : each.value)))
      .join('\n');
    assert.match(text, /Proof/);
    assert.match(text, /Next step/);
    assert.match(text, /app\.ts/);
  });

  it('keep API keys in the secret storage and nowhere else', async () => {
    const { secrets } = await api();
    await vscode.commands.executeCommand('underpin.setApiKey', { key: 'not-a-real-key' });
    assert.equal(await secrets.get('https://api.openai.com'), 'not-a-real-key');
    assert.equal(await secrets.get('https://elsewhere.example'), undefined, 'a key belongs to one address');
    const settings = JSON.stringify(vscode.workspace.getConfiguration('underpin'));
    assert.doesNotMatch(settings, /not-a-real-key/);
    await vscode.commands.executeCommand('underpin.setApiKey', { key: '' });
    assert.equal(await secrets.get('https://api.openai.com'), undefined);
  });
});
