import { fileURLToPath } from 'node:url';
import type { Finding } from '../engine/model/finding.ts';
import type { ChangedDocument, SessionApi } from '../session/api.ts';
import { createFolder, type Folder, type ShowProgress } from './folder.ts';
import type { ServerSettings } from './settings.ts';
import { toFile } from './uris.ts';

export interface SessionChoice {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Only when guesses are wanted too; otherwise the configuration decides. */
  readonly minConfidence?: 'low';
  /** Where the client lets the server keep its cache. */
  readonly cacheFolder?: string;
}

export type CreateSession = (choice: SessionChoice) => SessionApi;

/** The workspace folders, innermost first, so that a nested folder owns its files. */
export interface Folders {
  /** Settles when the folders the client started with are open; answers before that would be empty. */
  readonly ready: Promise<void>;
  /** Says that they are. */
  open(): void;
  all(): readonly Folder[];
  get(uri: string): Folder | undefined;
  /** The folder a document belongs to, and its path there. */
  find(uri: string): { readonly folder: Folder; readonly file: string } | undefined;
  /** Findings of the folder without those of files that a nested workspace folder owns. */
  findings(folder: Folder): Promise<readonly Finding[]>;
  owns(folder: Folder, uri: string): boolean;
  /** Undefined if the folder is not on disk or known already. */
  add(uri: string, settings: ServerSettings): Folder | undefined;
  remove(uri: string): void;
  change(uri: string, document: Omit<ChangedDocument, 'file'>): Folder | undefined;
  dispose(): void;
}

export function createFolders(
  createSession: CreateSession,
  cacheFolder: () => string | undefined,
  showProgress: ShowProgress,
): Folders {
  let list: Folder[] = [];
  let open = (): void => undefined;
  const ready = new Promise<void>(resolve => {
    open = resolve;
  });

  function find(uri: string): { folder: Folder; file: string } | undefined {
    for (const folder of list) {
      const file = toFile(folder.uri, uri);
      if (file !== undefined) return { folder, file };
    }
    return undefined;
  }

  const folders: Folders = {
    ready,
    open: () => open(),
    all: () => list,
    get: uri => list.find(folder => folder.uri === uri),
    find,
    owns: (folder, uri) => find(uri)?.folder === folder,

    async findings(folder) {
      const { findings } = await folder.report();
      const nested = list.flatMap(other => (other === folder ? [] : (toFile(folder.uri, other.uri) ?? [])));
      return findings.filter(
        ({ span, suppression }) => !suppression && !nested.some(inner => span.file.startsWith(`${inner}/`)),
      );
    },

    add(uri, settings) {
      if (!uri.startsWith('file:') || folders.get(uri)) return undefined;
      const cache = cacheFolder();
      const session = createSession({
        root: fileURLToPath(uri),
        ...(settings.minimumConfidence === 'low' ? { minConfidence: 'low' } : {}),
        ...(cache === undefined ? {} : { cacheFolder: cache }),
      });
      const folder = createFolder(uri, session, settings, showProgress);
      list = [...list, folder].sort((a, b) => b.uri.length - a.uri.length);
      return folder;
    },

    remove(uri) {
      folders.get(uri)?.dispose();
      list = list.filter(folder => folder.uri !== uri);
    },

    // Every folder that contains the file hears of it: a nested folder's text also counts for the outer graph.
    change(uri, document) {
      for (const folder of list) {
        const file = toFile(folder.uri, uri);
        if (file !== undefined) folder.change([{ file, ...document }]);
      }
      return find(uri)?.folder;
    },

    dispose() {
      for (const folder of list) folder.dispose();
      list = [];
    },
  };
  return folders;
}
