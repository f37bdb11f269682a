import type { Range, WorkspaceEdit } from 'vscode-languageserver';
import { type LineIndex, lineIndex } from '../common/line-index.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Change, Span } from '../engine/model/span.ts';
import type { ChangedDocument, ScanReport, SessionApi } from '../session/api.ts';
import type { Place } from './protocol.ts';
import { withBaseline } from './root-config.ts';
import type { ServerSettings } from './settings.ts';
import { toFile, toUri } from './uris.ts';

/** Milliseconds of silence after the last change before a scan starts. */
const DEBOUNCE = 150;

export type OnProgress = (done: number, total: number, phase: string) => void;

/** Shows a running scan to the user; `cancel` is what its cancel button does. */
export type ShowProgress = (cancel: () => void) => { report: OnProgress; end(): void };

/** One workspace folder: its session, the report of its current texts, and the way between offsets and positions. */
export interface Folder {
  readonly uri: string;
  readonly session: SessionApi;
  settings: ServerSettings;
  /** The report of the texts as they are now; scans first if anything changed since the last one. */
  report(): Promise<ScanReport>;
  /** The last finished report, however old. */
  last(): ScanReport | undefined;
  change(changes: readonly ChangedDocument[]): void;
  /** Forgets the report, so that the next one is made from scratch. */
  invalidate(): void;
  finding(fingerprint: string): Promise<Finding | undefined>;
  index(file: string): Promise<LineIndex>;
  place(span: Span): Promise<Place>;
  toEdit(change: Change): Promise<WorkspaceEdit>;
  toChange(edit: WorkspaceEdit): Promise<Change>;
  dispose(): void;
}

interface Run {
  readonly controller: AbortController;
  readonly promise: Promise<ScanReport>;
  /** A newer text exists; whoever waits for this run waits for the next one instead. */
  stale: boolean;
}

export function createFolder(
  uri: string,
  session: SessionApi,
  settings: ServerSettings,
  showProgress: ShowProgress,
): Folder {
  const indexes = new Map<string, { text: string; index: LineIndex }>();
  let run: Run | undefined;
  let last: ScanReport | undefined;
  let changedAt = 0;
  let disposed = false;

  function start(): Run {
    const controller = new AbortController();
    const started: Run = { controller, promise: scan(controller), stale: false };
    started.promise.catch(() => {
      if (run === started) run = undefined;
    });
    return started;
  }

  async function scan(controller: AbortController): Promise<ScanReport> {
    await pause(changedAt + DEBOUNCE - Date.now(), controller.signal);
    const progress = showProgress(() => controller.abort());
    try {
      const scanned = await session.scan({ signal: controller.signal, onProgress: progress.report });
      last = await withBaseline(session, scanned);
      return last;
    } finally {
      progress.end();
    }
  }

  function outdate(): void {
    if (!run) return;
    run.stale = true;
    // The first scan is never thrown away: it fills the cache that makes all later ones quick.
    if (last) run.controller.abort();
    run = undefined;
  }

  async function index(file: string): Promise<LineIndex> {
    const text = (await session.text(file)) ?? '';
    const known = indexes.get(file);
    if (known?.text === text) return known.index;
    const fresh = lineIndex(text);
    indexes.set(file, { text, index: fresh });
    return fresh;
  }

  async function range(span: Span): Promise<Range> {
    const lines = await index(span.file);
    return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
  }

  const folder: Folder = {
    uri,
    session,
    settings,
    last: () => last,
    index,
    invalidate: outdate,

    async report() {
      for (;;) {
        if (disposed) throw abortError();
        run ??= start();
        const current = run;
        try {
          const report = await current.promise;
          if (!current.stale) return report;
        } catch (error) {
          if (!current.stale) throw error;
        }
      }
    },

    change(changes) {
      session.applyChanges(changes);
      changedAt = Date.now();
      outdate();
    },

    async finding(fingerprint) {
      const { findings } = await folder.report();
      return findings.find(each => each.fingerprint === fingerprint);
    },

    async place(span) {
      return { uri: toUri(uri, span.file), range: await range(span) };
    },

    async toEdit({ edits, newFiles }) {
      const changes = new Map<string, { range: Range; newText: string }[]>();
      for (const { span, text } of edits) {
        const target = toUri(uri, span.file);
        changes.set(target, [...(changes.get(target) ?? []), { range: await range(span), newText: text }]);
      }
      const none = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      return {
        documentChanges: [
          ...newFiles.flatMap(({ file, text }) => [
            { kind: 'create' as const, uri: toUri(uri, file), options: { ignoreIfExists: true } },
            { textDocument: { uri: toUri(uri, file), version: null }, edits: [{ range: none, newText: text }] },
          ]),
          ...[...changes].map(([target, list]) => ({ textDocument: { uri: target, version: null }, edits: list })),
        ],
      };
    },

    async toChange({ documentChanges = [], changes = {} }) {
      const result: { edits: Change['edits'][number][]; newFiles: Change['newFiles'][number][] } = {
        edits: [],
        newFiles: [],
      };
      const created = new Set(
        documentChanges.flatMap(each => ('kind' in each && each.kind === 'create' ? [each.uri] : [])),
      );
      const texts = [
        ...documentChanges.flatMap(each =>
          'textDocument' in each ? [{ uri: each.textDocument.uri, edits: each.edits }] : [],
        ),
        ...Object.entries(changes).map(([target, edits]) => ({ uri: target, edits })),
      ];
      for (const { uri: target, edits } of texts) {
        const file = toFile(uri, target);
        if (file === undefined) continue;
        const plain = edits.flatMap(edit => ('newText' in edit ? [edit] : []));
        if (created.has(target)) {
          result.newFiles.push({ file, text: plain.map(edit => edit.newText).join('') });
          continue;
        }
        const lines = await index(file);
        for (const { range: place, newText } of plain) {
          const span = { file, start: lines.offsetAt(place.start), end: lines.offsetAt(place.end) };
          result.edits.push({ span, text: newText });
        }
      }
      return result;
    },

    dispose() {
      disposed = true;
      outdate();
      session.dispose();
    },
  };
  return folder;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(abortError());
    });
  });
}

export function abortError(): Error {
  return new DOMException('The scan was cancelled.', 'AbortError');
}
