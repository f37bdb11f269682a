import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, acceptUntil, FLAW, openFile, quickFixes, RULE, reported, until } from './host.ts';

async function flaw(): Promise<vscode.Diagnostic> {
  return until('the diagnostic', () => reported(APP)[0]);
}

async function onDisk(): Promise<string> {
  const uri = (await openFile(APP)).document.uri;
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

describe('fixes', () => {
  let original = '';

  before(async () => {
    original = (await openFile(APP)).document.getText();
  });

  afterEach(async () => {
    const { document } = await openFile(APP);
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(original));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the fixture as it was', () => document.getText() === original && reported(APP).length === 1);
  });

  it('are offered with the verified one preferred and first', async () => {
    const actions = await quickFixes(APP, (await flaw()).range);
    assert.ok(actions[0]?.isPreferred);
    assert.ok(actions[0].edit, 'resolved');
    assert.equal(actions.filter(({ isPreferred }) => isPreferred).length, 1);
    const titles = actions.map(({ title }) => title).join('\n');
    for (const expected of ['Suppress', 'Explain']) assert.match(titles, new RegExp(expected));
    assert.doesNotMatch(titles, /with AI/, 'no provider is selected');
    assert.doesNotMatch(titles, /Fix all/, 'there is but one');
  });

  it('of a whole rule are offered where there are several', async () => {
    const { document } = await openFile(APP);
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(original.indexOf(FLAW));
    edit.insert(document.uri, at, `${FLAW}\n  `);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('both diagnostics', () => reported(APP).length === 2);
    const titles = (await quickFixes(APP, (await flaw()).range)).map(({ title }) => title).join('\n');
    assert.match(titles, /Fix all .* in this file/);
  });

  it('change the text, silence the finding, and one undo takes them back', async () => {
    const { document } = await openFile(APP);
    const [fix] = await quickFixes(APP, (await flaw()).range);
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await until('no diagnostic', () => reported(APP).length === 0);
    await document.save();
    assert.match(await onDisk(), /httpOnly: true/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), original);
  });

  it('of a whole rule are one change', async () => {
    const { document } = await openFile(APP);
    await flaw();
    const done = await vscode.commands.executeCommand('underpin.fixAllOfRule', {
      ruleId: RULE,
      uri: document.uri.toString(),
    });
    assert.equal(done, true);
    await until('no diagnostic', () => reported(APP).length === 0);
    assert.doesNotMatch(document.getText(), new RegExp(FLAW.replace(/[()]/g, '\\$&')));
  });

  it('of a whole rule in the workspace are shown first and applied when accepted', async () => {
    const { document } = await openFile(APP);
    await flaw();
    const done = vscode.commands.executeCommand('underpin.fixAllOfRule', { ruleId: RULE });
    const isComparison = ({ label }: vscode.Tab): boolean => /\(\d+ files?\)/.test(label);
    await until('a comparison', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isComparison)));
    assert.equal(document.getText(), original, 'nothing happens before it is accepted');
    await acceptUntil('the change', () => document.getText() !== original);
    assert.equal(await done, true);
    assert.match(document.getText(), /httpOnly: true/);
  });

  it('leave a reason behind when a finding is suppressed', async () => {
    const { document } = await openFile(APP);
    const findings = await (await import('./host.ts'))
      .api()
      .then(({ client }) => client.request('underpin/findings', {}));
    const finding = findings.find(({ ruleId }) => ruleId === RULE);
    assert.ok(finding);
    await vscode.commands.executeCommand('underpin.suppress', { ...finding, reason: 'set by the proxy' });
    assert.match(
      document.getText(),
      /\n {2}\/\/ underpin-ignore security\/session-cookie-flags -- set by the proxy\n {2}res\.cookie/,
    );
    await until('no diagnostic', () => reported(APP).length === 0);
  });
});
