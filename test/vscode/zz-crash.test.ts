import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, api, FLAW, openFile, reported, setText, until } from './host.ts';

/** Last of the suite by its name: it ends with the server switched off once. */
describe('a crash of the server', () => {
  it('loses nothing: unsaved text counts again at once', async () => {
    const { client } = await api();
    const editor = await openFile(APP);
    const text = editor.document.getText();
    await until('a diagnostic', () => reported(APP).length === 1);
    await setText(editor, text.replace(FLAW, '// unsaved'));
    await until('no diagnostic of the unsaved text', () => reported(APP).length === 0);
    const before = client.pid;
    assert.ok(before);
    const pending = client.request('underpin/scan', { fresh: true });
    process.kill(before, 'SIGKILL');
    await pending;
    await until('a new server', () => client.state === 'running' && client.pid !== before);
    assert.equal(reported(APP).length, 0, 'the new server knows the unsaved text');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the diagnostic of the saved text', () => reported(APP).length === 1);
  });

  it('is answered with a restart three times, then with one message', async () => {
    const { client } = await api();
    for (let crash = 2; crash <= 4; crash++) {
      const pid = await until('a running server', () => client.state === 'running' && client.pid);
      process.kill(pid, 'SIGKILL');
      await until(`the end of server ${crash}`, () => client.pid !== pid);
    }
    await until('the server to stay off', () => client.state === 'failed');
    assert.ok(reported(APP).length > 0, 'findings stay visible');
    await assert.rejects(() => client.request('underpin/scan', { fresh: false }), /Restart Server/);
    await vscode.commands.executeCommand('underpin.restartServer');
    assert.equal(client.state, 'running');
    await until('findings again', () => reported(APP).length === 1);
  });
});
