import type { RequestPart } from '../../frameworks/adapter.ts';

/** Parts of a request that its sender chooses. A session and a signed-in user are the server's own. */
export const REMOTE_PARTS: ReadonlySet<RequestPart> = new Set([
  'body',
  'arguments',
  'query',
  'params',
  'headers',
  'cookies',
  'files',
  'url',
  'raw',
]);

/** Properties of a model's answer that the model does not write. */
export const NOT_MODEL_TEXT: ReadonlySet<string> = new Set([
  'usage',
  'id',
  'model',
  'created',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'warnings',
  'system_fingerprint',
  'role',
  'type',
]);

/** Calls that give a list of things with names from outside, by API path. */
export interface CallSource {
  readonly part: string;
  /** The property that holds the name. */
  readonly property: string;
}

export const CALL_SOURCES: Readonly<Record<string, CallSource>> = {
  'adm-zip#getEntries': { part: 'archive', property: 'entryName' },
};

/** Globals of a page that lead to its address. */
export const PAGE: ReadonlySet<string> = new Set(['window', 'document', 'location', 'self']);

/** Members of libraries and of Node that hold what a program is started with, by API path. */
export const MEMBER_SOURCES: Readonly<Record<string, { readonly label: 'remote' | 'started'; readonly part: string }>> =
  {
    'process.argv': { label: 'started', part: 'arguments' },
    'process.env': { label: 'started', part: 'environment' },
    // Whoever opens an issue or a pull request wrote it.
    '@actions/github.context.payload': { label: 'remote', part: 'event' },
  };

/** Modules that start other programs. */
export const RUNS_PROGRAMS = /^(?:node:)?child_process$|^(?:execa|shelljs|cross-spawn|@actions\/exec|zx)$/;
