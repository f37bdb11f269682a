import { posix } from 'node:path';
import * as vscode from 'vscode';
import { plain } from '../lsp/markdown.ts';
import type { Place } from '../lsp/protocol.ts';

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

/**
 * `readPage` gives pages of the knowledge base: their links to each other, such as `../recipes/auth/express.md`, end at
 * the root here, because every page of ours lies there.
 */
export function createDocuments(readPage: (key: string) => Promise<string | undefined>): Documents {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: async ({ path }) =>
      texts.get(path) ?? (await readPage(path.replace(/^\/|\.md$/g, ''))) ?? '',
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

/**
 * A link from a page of ours to code. The Markdown preview refuses `file:` links, and takes a path from the root as one
 * inside the first workspace folder.
 */
export function linkTo({ uri, range }: Place, label: string): string {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.path ?? '/';
  const inside = posix.relative(root, vscode.Uri.parse(uri).path);
  return `[${plain(label)}](</${encodeURI(inside)}#L${range.start.line + 1}>)`;
}
