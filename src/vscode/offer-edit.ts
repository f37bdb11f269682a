import * as vscode from 'vscode';
import type * as lsp from 'vscode-languageserver';
import { applyEdit, toRange } from './convert.ts';
import type { Services } from './services.ts';

/** Shows what a change would do to each file, and applies it if the user says so. */
export async function offerEdit(services: Services, title: string, edit: lsp.WorkspaceEdit): Promise<boolean> {
  const pairs = await comparisons(services, edit);
  const size = pairs.length === 1 ? '1 file' : `${pairs.length} files`;
  await compare(`${title} (${size})`, pairs, edit);
  const apply = { label: `$(check) Apply to ${size}`, detail: 'One undo takes it back.' };
  const choose = {
    label: '$(list-selection) Choose parts',
    detail: 'Opens the refactoring preview with a box for each part.',
  };
  const discard = { label: '$(close) Discard', detail: 'Nothing is changed.' };
  const items = [apply, choose, discard];
  const choice = await vscode.window.showQuickPick(items, {
    title,
    ignoreFocusOut: true,
    placeHolder: 'The editor shows the change.',
  });
  await closeComparison(title);
  if (choice !== apply && choice !== choose) return false;
  const [first] = pairs;
  // The change is then in view, and undo acts on it.
  if (first && first[1].scheme === 'file') await vscode.window.showTextDocument(first[0]);
  return applyEdit(edit, choice === choose ? title : undefined);
}

/** One file is shown where it changes, which is then not under the question; several files below each other. */
async function compare(
  title: string,
  pairs: readonly Comparison[],
  { documentChanges = [] }: lsp.WorkspaceEdit,
): Promise<void> {
  const [only] = pairs;
  if (!only || pairs.length > 1) {
    // This editor adds the number of files to its title itself.
    await vscode.commands.executeCommand('vscode.changes', title.replace(/ \([^()]*\)$/, ''), pairs);
    return;
  }
  const edits = documentChanges.flatMap(change => ('textDocument' in change ? change.edits : []));
  const lines = edits.flatMap(each => ('range' in each ? [each.range.start.line] : []));
  const first = Math.min(...lines);
  const selection = new vscode.Range(first, 0, first, 0);
  await vscode.commands.executeCommand('vscode.diff', only[1], only[2], title, { selection, preview: true });
}

type Comparison = [label: vscode.Uri, before: vscode.Uri, after: vscode.Uri];

async function comparisons(
  { documents }: Services,
  { documentChanges = [] }: lsp.WorkspaceEdit,
): Promise<Comparison[]> {
  const created = new Set(
    documentChanges.flatMap(change => ('kind' in change && change.kind === 'create' ? [change.uri] : [])),
  );
  const result: Comparison[] = [];
  for (const change of documentChanges) {
    if (!('textDocument' in change)) continue;
    const uri = vscode.Uri.parse(change.textDocument.uri);
    const edits = change.edits.flatMap(each => ('newText' in each ? [each] : []));
    const isNew = created.has(change.textDocument.uri);
    const before = isNew ? documents.put(`/empty${uri.path}`, '') : uri;
    const text = isNew
      ? edits.map(({ newText }) => newText).join('')
      : changed(await vscode.workspace.openTextDocument(uri), edits);
    result.push([uri, before, documents.put(`/proposed${uri.path}`, text)]);
  }
  return result;
}

function changed(document: vscode.TextDocument, edits: readonly lsp.TextEdit[]): string {
  let text = document.getText();
  const ordered = edits.map(({ range, newText }) => ({ range: toRange(range), newText }));
  // From the end, so that earlier offsets stay valid.
  ordered.sort((a, b) => b.range.start.compareTo(a.range.start));
  for (const { range, newText } of ordered) {
    text = text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end));
  }
  return text;
}

async function closeComparison(title: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ label }) => label.startsWith(title));
  await vscode.window.tabGroups.close(tabs);
}
