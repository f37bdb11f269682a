import {
  CodeActionRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { createAi } from './ai.ts';
import { CODE_ACTION_KINDS, codeActions, resolveAction } from './code-actions.ts';
import { codeLenses } from './code-lens.ts';
import { registerCommands, SERVER_COMMANDS } from './commands.ts';
import { registerDiagnostics } from './diagnostic-requests.ts';
import type { Folder } from './folder.ts';
import { type CreateSession, createFolders } from './folders.ts';
import { hover } from './hover.ts';
import { createProgress } from './progress.ts';
import { WATCHED } from './protocol.ts';
import { registerRequests, type WriteBaseline, type WriteReport } from './requests.ts';
import { toSettings } from './settings.ts';

export interface ServerOptions {
  readonly connection: Connection;
  readonly version: string;
  readonly knowledge: Knowledge;
  readonly createSession: CreateSession;
  readonly writeReport: WriteReport;
  readonly writeBaseline: WriteBaseline;
}

/** What the client said it can do. */
export interface Client {
  isOwn: boolean;
  canPull: boolean;
  canConfirm: boolean;
  canRefreshLenses: boolean;
}

/** A language server over one session for each workspace folder. */
export function startServer(options: ServerOptions): void {
  const { connection, knowledge } = options;
  const client: Client = { isOwn: false, canPull: false, canConfirm: false, canRefreshLenses: false };
  const documents = new TextDocuments(TextDocument);
  let params: InitializeParams | undefined;
  const capable = (): InitializeParams['capabilities'] => params?.capabilities ?? {};

  const progress = createProgress(connection, () => capable().window?.workDoneProgress === true);
  const folders = createFolders(options.createSession, progress);
  const diagnostics = registerDiagnostics({ connection, folders, documents, client });
  const actions = () => ({ folders, canConfirm: client.canConfirm, isOwnClient: client.isOwn });

  async function configure(folder: Folder): Promise<void> {
    if (!capable().workspace?.configuration) return;
    const raw: unknown = await connection.workspace.getConfiguration({ scopeUri: folder.uri, section: 'underpin' });
    folder.settings = toSettings(raw);
  }

  async function open(uri: string): Promise<void> {
    const folder = folders.add(uri);
    if (!folder) return;
    for (const document of documents.all()) {
      folders.change(document.uri, { text: document.getText(), version: document.version });
    }
    await configure(folder);
    diagnostics.refresh(folder);
  }

  connection.onInitialize((given): InitializeResult => {
    params = given;
    const { capabilities } = given;
    client.isOwn = (given.initializationOptions as { underpin?: boolean } | undefined)?.underpin === true;
    client.canPull = capabilities.textDocument?.diagnostic !== undefined;
    client.canConfirm = capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined;
    client.canRefreshLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
    return {
      serverInfo: { name: 'underpin', version: options.version },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        diagnosticProvider: { identifier: 'underpin', interFileDependencies: true, workspaceDiagnostics: true },
        codeActionProvider: { codeActionKinds: CODE_ACTION_KINDS, resolveProvider: true },
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        executeCommandProvider: { commands: client.isOwn ? [] : SERVER_COMMANDS },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(async () => {
    const { workspace } = capable();
    if (workspace?.didChangeConfiguration?.dynamicRegistration) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'underpin' });
    }
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = WATCHED.map(globPattern => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const { uri } of removed) folders.remove(uri);
        await Promise.all(added.map(({ uri }) => open(uri)));
        diagnostics.changed();
      });
    }
    const roots = params?.workspaceFolders?.map(({ uri }) => uri) ?? (params?.rootUri ? [params.rootUri] : []);
    await Promise.all(roots.map(open));
  });

  connection.onDidChangeConfiguration(async () => {
    await Promise.all(folders.all().map(configure));
    diagnostics.changed();
    for (const folder of folders.all()) diagnostics.refresh(folder);
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const touched = new Set<Folder>();
    for (const { uri } of changes) {
      if (documents.get(uri) || /\/(?:node_modules|\.git)\//.test(uri)) continue;
      const folder = folders.change(uri, {});
      if (folder) touched.add(folder);
    }
    for (const folder of touched) diagnostics.refresh(folder);
  });

  documents.onDidChangeContent(({ document }) => {
    const folder = folders.change(document.uri, { text: document.getText(), version: document.version });
    if (folder) diagnostics.refresh(folder);
  });
  documents.onDidClose(({ document }) => {
    const folder = folders.change(document.uri, {});
    if (folder) diagnostics.refresh(folder);
  });

  connection.onRequest(CodeActionRequest.type, given => codeActions(actions(), given));
  connection.onCodeActionResolve(action => resolveAction(actions(), action));
  connection.onHover(({ textDocument, position }) => hover(folders, knowledge, textDocument.uri, position));
  connection.onCodeLens(({ textDocument }) => codeLenses(folders, textDocument.uri));
  registerCommands(connection, folders);
  registerRequests({ ...options, folders, client, ai: createAi(connection, knowledge) });

  connection.onShutdown(() => folders.dispose());
  documents.listen(connection);
  connection.listen();
}
