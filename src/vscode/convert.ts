import * as vscode from 'vscode';
import type * as lsp from 'vscode-languageserver';
import { explainLink, type FindingRef } from '../lsp/protocol.ts';

/** Between the LSP's plain data and VS Code's classes. */

const SEVERITIES = [
  vscode.DiagnosticSeverity.Error,
  vscode.DiagnosticSeverity.Warning,
  vscode.DiagnosticSeverity.Information,
  vscode.DiagnosticSeverity.Hint,
];

export function toRange({ start, end }: lsp.Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function fromRange({ start, end }: vscode.Range): lsp.Range {
  return { start: fromPosition(start), end: fromPosition(end) };
}

export function fromPosition({ line, character }: vscode.Position): lsp.Position {
  return { line, character };
}

export function toDiagnostic(given: lsp.Diagnostic): vscode.Diagnostic {
  const severity = SEVERITIES[(given.severity ?? 1) - 1] ?? vscode.DiagnosticSeverity.Error;
  const diagnostic = new vscode.Diagnostic(toRange(given.range), String(given.message), severity);
  diagnostic.source = given.source ?? 'underpin';
  const code = given.code ?? '';
  const ref = given.data as FindingRef | undefined;
  diagnostic.code = ref ? { value: code, target: vscode.Uri.parse(explainLink(ref)) } : code;
  diagnostic.relatedInformation = (given.relatedInformation ?? []).map(
    ({ location, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.parse(location.uri), toRange(location.range)),
        String(message),
      ),
  );
  // The LSP's tags have the values of VS Code's.
  if (given.tags) diagnostic.tags = [...given.tags];
  return diagnostic;
}

/** One VS Code edit, so that one undo takes all of it back. `label` makes VS Code ask about each part first. */
export function toWorkspaceEdit({ documentChanges = [] }: lsp.WorkspaceEdit, label?: string): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  const metadata = label === undefined ? undefined : { label, needsConfirmation: true };
  for (const change of documentChanges) {
    if ('textDocument' in change) {
      const uri = vscode.Uri.parse(change.textDocument.uri);
      for (const edit of change.edits) {
        if ('newText' in edit) result.replace(uri, toRange(edit.range), edit.newText, metadata);
      }
    } else if (change.kind === 'create') {
      result.createFile(vscode.Uri.parse(change.uri), { ignoreIfExists: true }, metadata);
    }
  }
  return result;
}

export async function applyEdit(edit: lsp.WorkspaceEdit, label?: string): Promise<boolean> {
  return vscode.workspace.applyEdit(toWorkspaceEdit(edit, label), { isRefactoring: true });
}

/** Applies an edit of files that nobody looks at right now, so that they do not stay unsaved in the background. */
export async function saveEdit(edit: lsp.WorkspaceEdit): Promise<boolean> {
  if (!(await applyEdit(edit))) return false;
  const uris = (edit.documentChanges ?? []).flatMap(change =>
    'textDocument' in change ? [change.textDocument.uri] : [],
  );
  const saved = await Promise.all(
    uris.map(async uri => (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).save()),
  );
  return saved.every(Boolean);
}

export async function openPlace({ uri, range }: { uri: string; range: lsp.Range }): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: toRange(range), preview: true });
}
