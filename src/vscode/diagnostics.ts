import * as vscode from 'vscode';
import type { WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { toDiagnostic } from './convert.ts';
import { run, type Services } from './services.ts';

/** Pulls the workspace's diagnostics whenever the server says that they differ. */
export function showDiagnostics(services: Services): vscode.Disposable {
  const { client } = services;
  const collection = vscode.languages.createDiagnosticCollection('underpin');
  const results = new Map<string, string>();
  let pulling = false;
  let again = false;

  async function pull(): Promise<void> {
    const previousResultIds = [...results].map(([uri, value]) => ({ uri, value }));
    const report = await client.lsp<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds });
    for (const item of report.items) {
      if (item.kind !== 'full') continue;
      collection.set(vscode.Uri.parse(item.uri), item.items.map(toDiagnostic));
      if (item.items.length > 0 && item.resultId) results.set(item.uri, item.resultId);
      else results.delete(item.uri);
    }
  }

  // One pull at a time; what changes meanwhile is fetched right after.
  async function refresh(): Promise<void> {
    again = true;
    if (pulling) return;
    pulling = true;
    while (again) {
      again = false;
      await run(services, 'diagnostics', pull, false);
    }
    pulling = false;
  }

  client.onStart(connection => {
    connection.onRequest('workspace/diagnostic/refresh', () => {
      void refresh();
      return null;
    });
  });
  return collection;
}
