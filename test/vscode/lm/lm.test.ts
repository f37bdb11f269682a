import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, acceptUntil, api, openFile, RULE, reported, until, withSetting } from '../host.ts';

describe('a change suggested by a chat model of VS Code', () => {
  before(async () => {
    await openFile(APP);
    await until('a diagnostic', () => reported(APP).length === 1);
    await until('the models', async () => (await vscode.lm.selectChatModels({ vendor: 'testmodels' })).length === 2);
  });

  async function suggest(model: string, work: (answer: Thenable<unknown>) => Promise<void>): Promise<void> {
    const { client } = await api();
    await withSetting('ai.provider', 'vscode', () =>
      withSetting('ai.model', model, async () => {
        const [finding] = (await client.request('underpin/findings', {})).filter(({ ruleId }) => ruleId === RULE);
        await work(vscode.commands.executeCommand('underpin.suggestChange', finding));
      }),
    );
  }

  it('is listed by its vendor and name', async () => {
    const { client } = await api();
    const settings = { provider: 'vscode', baseUrl: '', model: 'testmodels/good', timeoutSeconds: 10 } as const;
    const { ok, models } = await client.request('underpin/ai/test', settings);
    assert.ok(ok);
    assert.ok(models.some(({ id, label }) => id === 'testmodels/good' && label === 'Good model'));
  });

  it('is applied after prompt and comparison were accepted', () =>
    suggest('testmodels/good', async answer => {
      const { document } = await openFile(APP);
      await acceptUntil('the change', () => document.getText().includes('httpOnly'));
      assert.equal(await answer, 'change');
      await vscode.commands.executeCommand('undo');
    }));

  it('is replaced by the knowledge base when the model fails', () =>
    suggest('testmodels/broken', async answer => {
      const result = acceptUntil('an answer', () => settled);
      let settled: unknown;
      void answer.then(value => {
        settled = value;
      });
      assert.equal(await result, 'knowledge');
    }));
});
