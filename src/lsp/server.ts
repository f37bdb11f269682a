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
import { WATCHED, WATCHED_GIT } from './protocol.ts';
import { registerRequests } from './requests.ts';
import { DEFAULT_SETTINGS, type ServerSettings, toSettings } from './settings.ts';

export interface ServerOptions {
  readonly connection: Connection;
  readonly version: string;
  readonly knowledge: Knowledge;
  readonly createSession: CreateSession;
}

/** What a client may say when it starts the server. */
export interface InitialOptions {
  /** The client answers the requests of `ClientRequests` and runs Underpin's commands itself. */
  readonly underpin?: boolean;
  /** A folder of the client's for the server's cache. */
  readonly cacheFolder?: string;
}

/** What the client said it can do. */
export interface Client {
  isOwn: boolean;
  canPull: boolean;
  canRefreshLenses: boolean;
}

/** A language server over one session for each workspace folder. */
export function startServer(options: ServerOptions): void {
  const { connection, knowledge } = options;
  const client: Client = { isOwn: false, canPull: false, canRefreshLenses: false };
  const documents = new TextDocuments(TextDocument);
  let params: InitializeParams | undefined;
  const capable = (): InitializeParams['capabilities'] => params?.capabilities ?? {};

  const initial = (): InitialOptions => params?.initializationOptions ?? {};

  const progress = createProgress(connection, () => capable().window?.workDoneProgress === true);
  const folders = createFolders(options.createSession, () => initial().cacheFolder, progress);
  const diagnostics = registerDiagnostics({ connection, folders, documents, client });
  const actions = () => ({ folders, isOwnClient: client.isOwn });

  async function settingsOf(uri: string): Promise<ServerSettings> {
    if (!capable().workspace?.configuration) return DEFAULT_SETTINGS;
    return toSettings(await connection.workspace.getConfiguration({ scopeUri: uri, section: 'underpin' }));
  }

  function open(uri: string, settings: ServerSettings): void {
    const folder = folders.add(uri, settings);
    if (!folder) return;
    for (const document of documents.all()) {
      folders.change(document.uri, { text: document.getText(), version: document.version });
    }
    diagnostics.refresh(folder);
  }

  async function reconfigure(folder: Folder): Promise<void> {
    const settings = await settingsOf(folder.uri);
    const wantsGuesses = settings.minimumConfidence === 'low';
    if (wantsGuesses !== (folder.settings.minimumConfidence === 'low')) {
      folders.remove(folder.uri);
      open(folder.uri, settings);
      return;
    }
    folder.settings = settings;
    diagnostics.refresh(folder);
  }

  connection.onInitialize((given): InitializeResult => {
    params = given;
    const { capabilities } = given;
    client.isOwn = initial().underpin === true;
    client.canPull = capabilities.textDocument?.diagnostic !== undefined;
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
      const watchers = [...WATCHED, WATCHED_GIT].map(globPattern => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const { uri } of removed) folders.remove(uri);
        await Promise.all(added.map(async ({ uri }) => open(uri, await settingsOf(uri))));
        diagnostics.changed();
      });
    }
    const roots = params?.workspaceFolders?.map(({ uri }) => uri) ?? (params?.rootUri ? [params.rootUri] : []);
    await Promise.all(roots.map(async uri => open(uri, await settingsOf(uri)))).finally(folders.open);
  });

  connection.onDidChangeConfiguration(async () => {
    await Promise.all(folders.all().map(reconfigure));
    diagnostics.changed();
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const touched = new Set<Folder>();
    for (const { uri } of changes) {
      if (/\/\.git\//.test(uri)) {
        // The repository may begin above the folder or inside it.
        folders.all().forEach(diagnostics.rescope);
        continue;
      }
      if (/\/node_modules\//.test(uri)) continue;
      const folder = documents.get(uri) ? folders.find(uri)?.folder : folders.change(uri, {});
      if (!folder) continue;
      // An open text counts as it is in the editor, but git looks at the saved one.
      if (documents.get(uri)) diagnostics.rescope(folder);
      else touched.add(folder);
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
  connection.onHover(({ textDocument, position }) =>
    hover({ folders, knowledge, isOwnClient: client.isOwn }, textDocument.uri, position),
  );
  connection.onCodeLens(({ textDocument }) => codeLenses(folders, textDocument.uri));
  registerCommands(connection, folders);
  registerRequests({ ...options, folders, ai: createAi(connection, knowledge), refresh: diagnostics.refresh });

  connection.onShutdown(() => folders.dispose());
  documents.listen(connection);
  connection.listen();
}
