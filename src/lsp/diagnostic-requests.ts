import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type TextDocuments,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnosticsOf, type FileDiagnostics, NO_DIAGNOSTICS } from './diagnostics.ts';
import type { Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import { findingsInScope } from './queries.ts';
import { rescope } from './scope.ts';
import type { Client } from './server.ts';

export interface DiagnosticsContext {
  readonly connection: Connection;
  readonly folders: Folders;
  readonly documents: TextDocuments<TextDocument>;
  readonly client: Client;
}

export interface Diagnostics {
  /** Scans in the background and tells the client if anything differs. */
  refresh(folder: Folder): void;
  /** Asks git again which files count as changed, once things are quiet. */
  rescope(folder: Folder): void;
  /** Tells the client to ask again. */
  changed(): void;
}

/** Milliseconds of silence in a repository before git is asked again. */
const GIT_PAUSE = 300;

/** Pull diagnostics for clients that can, push for the others. */
export function registerDiagnostics({ connection, folders, documents, client }: DiagnosticsContext): Diagnostics {
  const sent = new Map<Folder, ReadonlyMap<string, FileDiagnostics>>();
  const reports = new Map<Folder, object>();
  const rescopes = new Map<Folder, NodeJS.Timeout>();
  const compute = (folder: Folder) => diagnosticsOf(folder, each => findingsInScope(folders, each));

  function changed(): void {
    // The client may be closing down; then nobody waits for the answer.
    if (client.canPull) connection.languages.diagnostics.refresh();
    if (client.canRefreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
    const findings = folders.all().reduce((sum, folder) => sum + (folder.last()?.findings.length ?? 0), 0);
    if (client.isOwn) connection.sendNotification('underpin/changed', { findings });
  }

  async function update(folder: Folder): Promise<void> {
    const files = await compute(folder);
    const before = sent.get(folder) ?? new Map<string, FileDiagnostics>();
    const uris = new Set([...files.keys(), ...before.keys()]);
    const different = [...uris].filter(uri => files.get(uri)?.resultId !== before.get(uri)?.resultId);
    sent.set(folder, files);
    const report = folder.last();
    const isNew = report !== undefined && reports.get(folder) !== report;
    if (report) reports.set(folder, report);
    if (!client.canPull) {
      for (const uri of different) {
        const diagnostics = [...(files.get(uri) ?? NO_DIAGNOSTICS).items];
        const version = documents.get(uri)?.version;
        void connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
      }
    }
    if (different.length > 0 || isNew) changed();
  }

  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
    await folders.ready;
    const place = folders.find(textDocument.uri);
    const mine = place && find(await compute(place.folder), textDocument.uri);
    return toReport(mine ?? NO_DIAGNOSTICS, previousResultId, token);
  });

  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
    await folders.ready;
    const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const pending = new Set(previous.keys());
    for (const folder of folders.all()) {
      for (const [uri, file] of await compute(folder)) {
        pending.delete(uri);
        items.push({ uri, version: documents.get(uri)?.version ?? null, ...toReport(file, previous.get(uri), token) });
      }
    }
    for (const uri of pending) {
      items.push({
        uri,
        version: documents.get(uri)?.version ?? null,
        ...toReport(NO_DIAGNOSTICS, previous.get(uri), token),
      });
    }
    return { items };
  });

  function refresh(folder: Folder): void {
    update(folder).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : 'unknown error';
      const reason = isAbort(error) ? 'cancelled' : 'failed';
      if (reason === 'failed') connection.console.error(`Scan failed: ${message}`);
      // A folder that was closed ends its scan, too.
      if (client.isOwn && folders.all().includes(folder))
        connection.sendNotification('underpin/stopped', { reason, message });
    });
  }

  return {
    changed,
    refresh,
    rescope(folder) {
      clearTimeout(rescopes.get(folder));
      const timer = setTimeout(async () => {
        rescopes.delete(folder);
        if (!(await rescope(folder)) || !folders.all().includes(folder)) return;
        // Also marks in the views depend on it.
        changed();
        refresh(folder);
      }, GIT_PAUSE);
      rescopes.set(folder, timer.unref());
    },
  };
}

/** Clients may spell a URI differently from the server: compare decoded. */
function find(files: ReadonlyMap<string, FileDiagnostics>, uri: string): FileDiagnostics | undefined {
  const exact = files.get(uri);
  if (exact) return exact;
  for (const [each, file] of files) if (decodeURIComponent(each) === decodeURIComponent(uri)) return file;
  return undefined;
}

function toReport(
  file: FileDiagnostics,
  previous: string | undefined,
  token: CancellationToken,
): DocumentDiagnosticReport {
  if (token.isCancellationRequested || (previous !== undefined && previous === file.resultId)) {
    return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previous ?? file.resultId };
  }
  return { kind: DocumentDiagnosticReportKind.Full, resultId: file.resultId, items: [...file.items] };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
