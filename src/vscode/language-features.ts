import * as vscode from 'vscode';
import type * as lsp from 'vscode-languageserver';
import { COMMANDS } from '../lsp/protocol.ts';
import { fromPosition, fromRange, toRange, toWorkspaceEdit } from './convert.ts';
import { run, type Services } from './services.ts';
import { SELECTOR } from './text-sync.ts';

const KINDS = [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.SourceFixAll.append('underpin')];

/** An action that remembers what the server said, for the moment its edit is asked for. */
class UnderpinAction extends vscode.CodeAction {
  readonly origin: lsp.CodeAction;

  constructor(origin: lsp.CodeAction) {
    super(origin.title, vscode.CodeActionKind.Empty.append(origin.kind ?? ''));
    this.origin = origin;
    if (origin.isPreferred) this.isPreferred = true;
    if (origin.edit) this.edit = toWorkspaceEdit(origin.edit);
    if (origin.command) this.command = { ...origin.command, arguments: origin.command.arguments ?? [] };
  }
}

/** Quick fixes, hovers and code lenses, as the language server gives them. */
export function registerLanguageFeatures(services: Services): vscode.Disposable {
  const { client } = services;
  const lensesChanged = new vscode.EventEmitter<void>();
  client.onStart(connection => {
    connection.onRequest('workspace/codeLens/refresh', () => {
      lensesChanged.fire();
      return null;
    });
  });
  const identify = ({ uri }: vscode.TextDocument) => ({ textDocument: { uri: uri.toString() } });

  const actions: vscode.CodeActionProvider<UnderpinAction> = {
    provideCodeActions: (document, range, context, token) =>
      run(
        services,
        'code actions',
        async () => {
          const own = context.diagnostics.filter(({ source }) => source === 'underpin');
          const wanted =
            context.only && KINDS.some(kind => context.only?.contains(kind) || kind.contains(context.only!));
          if (own.length === 0 && !wanted) return [];
          const only = context.only ? { only: [context.only.value] } : {};
          const params = { ...identify(document), range: fromRange(range), context: { diagnostics: [], ...only } };
          const given = await client.lsp<lsp.CodeAction[]>('textDocument/codeAction', params, token);
          return given.map(origin => {
            const action = new UnderpinAction(origin);
            if (origin.kind === 'quickfix') action.diagnostics = own;
            return action;
          });
        },
        false,
      ),
    resolveCodeAction: (action, token) =>
      run(
        services,
        'resolve code action',
        async () => {
          if (action.edit || action.command) return action;
          const resolved = await client.lsp<lsp.CodeAction>('codeAction/resolve', action.origin, token);
          if (resolved.edit) action.edit = toWorkspaceEdit(resolved.edit);
          return action;
        },
        false,
      ),
  };

  const hovers: vscode.HoverProvider = {
    provideHover: (document, position, token) =>
      run(
        services,
        'hover',
        async () => {
          const params = { ...identify(document), position: fromPosition(position) };
          const given = await client.lsp<lsp.Hover | null>('textDocument/hover', params, token);
          if (!given || typeof given.contents !== 'object' || !('value' in given.contents)) return undefined;
          const text = new vscode.MarkdownString(given.contents.value);
          text.isTrusted = { enabledCommands: [COMMANDS.explain] };
          return new vscode.Hover(text);
        },
        false,
      ),
  };

  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: lensesChanged.event,
    provideCodeLenses: (document, token) =>
      run(
        services,
        'code lens',
        async () => {
          if (!vscode.workspace.getConfiguration('underpin', document.uri).get('codeLens')) return [];
          const given = await client.lsp<lsp.CodeLens[]>('textDocument/codeLens', identify(document), token);
          return given.map(({ range, command }) => {
            const target = command && { ...command, arguments: command.arguments ?? [] };
            return new vscode.CodeLens(toRange(range), target);
          });
        },
        false,
      ),
  };

  return vscode.Disposable.from(
    lensesChanged,
    vscode.languages.registerCodeActionsProvider(SELECTOR, actions, { providedCodeActionKinds: KINDS }),
    vscode.languages.registerHoverProvider(SELECTOR, hovers),
    vscode.languages.registerCodeLensProvider(SELECTOR, lenses),
  );
}
