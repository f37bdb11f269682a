import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';

export const RULE = 'security/session-cookie-flags';
export const APP = 'src/app.ts';

/** The text of the fixture's flaw and a second one like it. */
export const FLAW = "res.cookie('session', token);";

const extension = vscode.extensions.getExtension<Api>('underpin.underpin');

export async function api(): Promise<Api> {
  if (!extension) throw new Error('The extension is not installed in this host.');
  return extension.activate();
}

export function manifest(): { contributes: { commands: { command: string; title: string; category: string }[] } } {
  return extension?.packageJSON;
}

export function uriOf(file: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return vscode.Uri.file(path.join(folder.uri.fsPath, file));
}

export async function openFile(file: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(file)));
}

/** Diagnostics of the rule in the file. */
export function reported(file: string, rule = RULE): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uriOf(file))
    .filter(({ source, code }) => source === 'underpin' && ruleOf(code) === rule);
}

export function ruleOf(code: vscode.Diagnostic['code']): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until the check gives something; what it must give is the message of the failure. */
export async function until<Result>(
  what: string,
  check: () => Result | undefined | false | Promise<Result | undefined | false>,
  limit = 20_000,
): Promise<Result> {
  const deadline = Date.now() + limit;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`Not within ${limit} ms: ${what}`);
    await sleep(25);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** Replaces the whole text of the document in the editor. */
export async function setText(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  await editor.edit(builder => builder.replace(whole, text));
}

export async function quickFixes(file: string, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const { value } = vscode.CodeActionKind.QuickFix;
  // The last argument resolves the edits, as choosing an action in the editor does.
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uriOf(file), range, value, 20);
}

export async function withSetting(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const { Workspace } = vscode.ConfigurationTarget;
  const target = /^(?:ai|server)\./.test(name) ? vscode.ConfigurationTarget.Global : Workspace;
  await vscode.workspace.getConfiguration('underpin').update(name, value, target);
  try {
    await work();
  } finally {
    await vscode.workspace.getConfiguration('underpin').update(name, undefined, target);
  }
}

/** Accepts the highlighted entry of a quick pick again and again until its effect shows. */
export async function acceptUntil<Result>(what: string, check: () => Result | undefined | false): Promise<Result> {
  return until(what, async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await sleep(100);
    return check();
  });
}
