import * as vscode from 'vscode';

const SCHEME = 'underpin';

/** Read-only pages that exist in memory only: explanations, prompts, timings. */
export interface Documents extends vscode.Disposable {
  /** Opens the text in an editor; the same title is the same page. */
  show(title: string, text: string): Promise<vscode.TextDocument>;
  /** A page at exactly this path, for an editor that compares files. */
  put(path: string, text: string): vscode.Uri;
  /** Opens the rendered Markdown. */
  preview(title: string, markdown: string): Promise<void>;
}

export function createDocuments(): Documents {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: uri => texts.get(uri.path) ?? '',
  });

  function put(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    texts.set(uri.path, text);
    changed.fire(uri);
    return uri;
  }

  const pathOf = (title: string): string => `/${title.replace(/[^\w .:-]+/g, '-')}.md`;

  return {
    put,
    async show(title, text) {
      const document = await vscode.workspace.openTextDocument(put(pathOf(title), text));
      await vscode.window.showTextDocument(document, { preview: true });
      return document;
    },
    async preview(title, markdown) {
      await vscode.commands.executeCommand('markdown.showPreview', put(pathOf(title), markdown));
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
