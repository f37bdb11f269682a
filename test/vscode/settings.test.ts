import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, api, openFile, RULE, reported, until, uriOf, withSetting } from './host.ts';

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

  it('explain a finding on hover, with proof and the next step', async () => {
    const hoverOf = async (file: string, rule: string): Promise<string> => {
      const [diagnostic] = await until(
        `${rule} in ${file}`,
        () => reported(file, rule).length > 0 && reported(file, rule),
      );
      const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
        'vscode.executeHoverProvider',
        uriOf(file),
        diagnostic?.range.start,
      );
      const contents = hovers.flatMap(hover => hover.contents);
      return contents.map(each => (typeof each === 'string' ? each : each.value)).join('\n');
    };
    await openFile('src/orders.ts');
    const open = await hoverOf('src/orders.ts', 'security/missing-auth');
    assert.match(open, /Proof/);
    assert.match(open, /app\.ts/);
    await openFile(APP);
    assert.match(await hoverOf(APP, RULE), /Next step/);
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
