import * as vscode from 'vscode';
import type { InitializeParams } from 'vscode-languageserver';
import type { InitialOptions } from '../lsp/server.ts';

/** What this client can do, and the folders that are open. */
export function initializeParams(cacheFolder: string): InitializeParams {
  return {
    processId: process.pid,
    clientInfo: { name: vscode.env.appName, version: vscode.version },
    locale: vscode.env.language,
    rootUri: null,
    workspaceFolders: fileFolders().map(toFolder),
    initializationOptions: { underpin: true, cacheFolder } satisfies InitialOptions,
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      textDocument: {
        synchronization: { dynamicRegistration: false },
        diagnostic: { relatedDocumentSupport: false },
      },
      workspace: {
        configuration: true,
        workspaceFolders: true,
        diagnostics: { refreshSupport: true },
        codeLens: { refreshSupport: true },
        workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
      },
      window: { workDoneProgress: true },
    },
  };
}

/** Workspace folders on disk; the engine reads no others. */
export function fileFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

export function toFolder({ uri, name }: vscode.WorkspaceFolder): { uri: string; name: string } {
  return { uri: uri.toString(), name };
}
