import * as vscode from 'vscode';
import { WATCHED, WATCHED_GIT } from '../lsp/protocol.ts';
import { fileFolders, toFolder } from './capabilities.ts';
import type { Client } from './client.ts';
import { fromRange } from './convert.ts';

/** The documents the server hears about. */
export const SELECTOR: vscode.DocumentSelector = WATCHED.map(pattern => ({ scheme: 'file', pattern }));

/** Keeps the server's texts and folders those of the editor; a fresh server is told everything. */
export function syncTexts(client: Client): vscode.Disposable {
  const isOurs = (document: vscode.TextDocument): boolean => vscode.languages.match(SELECTOR, document) > 0;

  function open(document: vscode.TextDocument): void {
    if (!isOurs(document)) return;
    const { uri, languageId, version } = document;
    client.notify('textDocument/didOpen', {
      textDocument: { uri: uri.toString(), languageId, version, text: document.getText() },
    });
  }

  function changed(type: 1 | 2 | 3): (uri: vscode.Uri) => void {
    return uri => {
      if (uri.scheme === 'file')
        client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri.toString(), type }] });
    };
  }

  const watchers = [...WATCHED, WATCHED_GIT].flatMap(pattern => {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    return [watcher, watcher.onDidCreate(changed(1)), watcher.onDidChange(changed(2)), watcher.onDidDelete(changed(3))];
  });

  return vscode.Disposable.from(
    ...watchers,
    client.onDidChangeState(state => {
      if (state === 'running') vscode.workspace.textDocuments.forEach(open);
    }),
    // A commit may have been made elsewhere, also in a repository that begins above the folder.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) for (const { uri } of fileFolders()) changed(2)(vscode.Uri.joinPath(uri, '.git/HEAD'));
    }),
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidCloseTextDocument(document => {
      if (isOurs(document)) client.notify('textDocument/didClose', { textDocument: { uri: document.uri.toString() } });
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!isOurs(document) || contentChanges.length === 0) return;
      client.notify('textDocument/didChange', {
        textDocument: { uri: document.uri.toString(), version: document.version },
        contentChanges: contentChanges.map(({ range, text }) => ({ range: fromRange(range), text })),
      });
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      if (fileFolders().length > 0 && client.state === 'off') client.start().catch(() => undefined);
      const isFile = ({ uri }: vscode.WorkspaceFolder): boolean => uri.scheme === 'file';
      client.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: added.filter(isFile).map(toFolder), removed: removed.filter(isFile).map(toFolder) },
      });
    }),
  );
}
