import * as vscode from 'vscode';
import type { AiSettings } from '../lsp/protocol.ts';
import { DEFAULT_SETTINGS } from '../lsp/settings.ts';
import type { Client } from './client.ts';

/** Answers the server's questions about settings and tells it when they change. */
export function serveConfiguration(client: Client): vscode.Disposable {
  const tell = (): void => client.notify('workspace/didChangeConfiguration', { settings: null });
  client.onStart(connection => {
    connection.onRequest('workspace/configuration', ({ items }: { items: { scopeUri?: string; section?: string }[] }) =>
      items.map(({ scopeUri, section }) => {
        if (section !== 'underpin') return null;
        return settingsOf(scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri));
      }),
    );
  });
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('underpin')) tell();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(tell),
  );
}

/** The AI settings in force: in a folder nobody vouched for there is no provider. */
export function aiSettings(): AiSettings {
  const given = vscode.workspace.getConfiguration('underpin').get<Partial<AiSettings>>('ai', {});
  const settings = { ...DEFAULT_SETTINGS.ai, ...given };
  return vscode.workspace.isTrusted ? settings : { ...settings, provider: 'none' };
}

function settingsOf(scope: vscode.Uri | undefined): object {
  const all = vscode.workspace.getConfiguration(undefined, scope).get<Record<string, unknown>>('underpin', {});
  return { ...all, ai: aiSettings() };
}
