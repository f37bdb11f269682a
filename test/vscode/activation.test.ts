import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, manifest, until } from './host.ts';

describe('activation', () => {
  it('costs the extension host less than 50 ms', async () => {
    const { activation } = await api();
    // On a busy machine the clock also counts the time of others.
    assert.ok(Math.min(activation.wall, activation.cpu) < 50, JSON.stringify(activation));
  });

  it('starts the server in a process of its own', async () => {
    const { client } = await api();
    await until('a running server', () => client.state === 'running');
    assert.notEqual(client.pid, process.pid);
  });

  it('registers exactly the commands it declares', async () => {
    await api();
    // VS Code adds these for every view.
    const ofViews = /^underpin\.(?:findings|routes|trends)\.|^workbench\./;
    const registered = (await vscode.commands.getCommands(true)).filter(
      id => id.startsWith('underpin.') && !ofViews.test(id),
    );
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(registered.sort(), declared.sort());
  });
});
