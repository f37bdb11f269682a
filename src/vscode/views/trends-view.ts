import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { NextStep } from '../../session/api.ts';
import { fileFolders } from '../capabilities.ts';
import { openPlace } from '../convert.ts';
import { run, type Services } from '../services.ts';
import type { TrendsRequest, TrendsState, ViewCommand } from './trends-messages.ts';

const COMMANDS: Readonly<Record<ViewCommand, readonly [string, ...string[]]>> = {
  scanWorkspace: ['underpin.scanWorkspace'],
  showFindings: ['underpin.findings.focus'],
  restartServer: ['underpin.restartServer'],
  openFolder: ['vscode.openFolder'],
  openSettings: ['workbench.action.openSettings', 'underpin.enable'],
};

/** The Trends view: a page drawn by media/trends.js from the state sent to it. */
export function registerTrendsView(services: Services): vscode.Disposable {
  const { client, context, documents } = services;
  let view: vscode.WebviewView | undefined;
  let state: TrendsState = { phase: 'loading', folders: [] };

  function send(): void {
    void view?.webview.postMessage(state);
  }

  async function update(): Promise<void> {
    if (!view) return;
    if (fileFolders().length === 0) state = { phase: 'no-folder', folders: [] };
    else if (client.state === 'failed') state = { ...state, phase: 'failed' };
    else {
      const folders = await run(services, 'trends', () => client.request('underpin/trends', {}), false);
      if (folders) state = { phase: 'ready', folders };
    }
    send();
  }

  async function showPage(id: string): Promise<void> {
    const page = await client.request('underpin/page', { id });
    if (!page) throw new Error(`There is no page “${id}” in the knowledge base.`);
    await documents.preview(page.title, page.markdown);
  }

  async function takeStep(folder: string, action: NextStep['action']): Promise<void> {
    if (action.kind === 'page') return showPage(action.page);
    if (action.kind === 'recipe') return showPage(action.recipe);
    const findings = await client.request('underpin/findings', {});
    const finding = findings.find(each => each.folder === folder && each.fingerprint === action.fingerprint);
    if (finding) await openPlace(finding);
    else throw new Error('This finding is gone; scan again.');
  }

  async function handle(request: TrendsRequest): Promise<void> {
    switch (request.kind) {
      case 'ready':
        send();
        return update();
      case 'open':
        return openPlace(request.place);
      case 'page':
        return showPage(request.id);
      case 'step':
        return takeStep(request.folder, request.action);
      case 'explain':
        await vscode.commands.executeCommand('underpin.explainFinding', request.finding);
        return;
      case 'command':
        await vscode.commands.executeCommand(...COMMANDS[request.command]);
    }
  }

  client.onNotification('underpin/changed', () => void update());
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      const media = vscode.Uri.joinPath(context.extensionUri, 'media');
      resolved.webview.options = { enableScripts: true, localResourceRoots: [media] };
      resolved.webview.onDidReceiveMessage((request: TrendsRequest) =>
        run(services, 'trends view', () => handle(request)),
      );
      resolved.onDidDispose(() => {
        view = undefined;
      });
      resolved.webview.html = page(resolved.webview, media);
    },
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider('underpin.trends', provider),
    client.onDidChangeState(next => {
      if (next === 'running' || next === 'failed') void update();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void update()),
  );
}

function page(webview: vscode.Webview, media: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): vscode.Uri => webview.asWebviewUri(vscode.Uri.joinPath(media, name));
  const { cspSource } = webview;
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; font-src ${cspSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file('trends.css')}">
<title>Backend trends</title>
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${file('trends.js')}"></script>
</body>
</html>`;
}
