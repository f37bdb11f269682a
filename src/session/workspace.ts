import { countLines } from '../common/lines.ts';
import type { Facts } from '../engine/facts-of.ts';
import { factsOf } from '../engine/facts-of.ts';
import type { Problem } from '../engine/model/finding.ts';
import { isSourcePath } from '../engine/syntax/parse.ts';
import { type OuterConfig, outerConfigs } from './above.ts';
import { isConfigFile } from './configs.ts';
import { discover, isWanted } from './discover.ts';
import { type ExtractJob, extractAll } from './extract-pool.ts';
import { contentKey, type FactCache } from './fact-cache.ts';
import { readText } from './read.ts';

/** Files between two turns of the event loop, so that a server can answer and a scan can be cancelled. */
const BATCH = 40;

/** A text to read, under the key of its content. */
interface KeyedJob extends ExtractJob {
  readonly key: string;
}

interface Entry {
  readonly key: string;
  /** Undefined: known to the cache, not read from it yet. Null: no reader claims the file. */
  readonly facts: Facts | null | undefined;
  readonly bytes: number;
  readonly modified: number;
  readonly marked: boolean;
  readonly lines: number;
  readonly problem?: Problem;
}

export interface RefreshOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The living texts and facts of one workspace. What an open editor holds wins over the disk. */
export interface Workspace {
  /** Facts by path, sorted; changes identity when anything changed. */
  readonly facts: ReadonlyMap<string, Facts>;
  /** Path and content key of every file, sorted: equal for equal workspaces. */
  readonly keys: readonly string[];
  readonly configs: ReadonlyMap<string, string>;
  /** Of the repository that the workspace is a part of. */
  readonly outerConfigs: readonly OuterConfig[];
  readonly problems: readonly Problem[];
  /** Files whose text holds a suppression comment. */
  readonly marked: readonly string[];
  readonly stats: { readonly files: number; readonly lines: number; readonly bytes: number; readonly cached: number };
  text(path: string): string | undefined;
  /** Holds these facts from now on for the equal ones it has. */
  adopt(equal: ReadonlyMap<string, Facts>): void;
  /** Takes an editor's text (undefined: closed, or changed on disk). */
  change(path: string, text: string | undefined): void;
  /** Whether `refresh` has anything to do. */
  readonly isStale: boolean;
  /** Reads and extracts what changed; rejects with AbortError when cancelled, keeping what was done. */
  refresh(options?: RefreshOptions): Promise<void>;
  /** Looks at the disk again on the next refresh. */
  rediscover(): void;
}

export function createWorkspace(root: string, cache: FactCache, workerUrl?: URL): Workspace {
  const entries = new Map<string, Entry>();
  const overlays = new Map<string, string>();
  const dirty = new Set<string>();
  const configs = new Map<string, string>();
  const texts = new Map<string, string>();
  const sizes = new Map<string, { bytes: number; modified: number }>();
  let discovered = false;
  let outer: readonly OuterConfig[] = [];
  let diskProblems: readonly Problem[] = [];
  let facts: ReadonlyMap<string, Facts> | undefined = new Map();
  let cached = 0;

  const textOf = (path: string): string | undefined => {
    const open = overlays.get(path);
    if (open !== undefined) return open;
    const kept = texts.get(path);
    if (kept !== undefined) return kept;
    const { text } = readText(root, path);
    if (text !== undefined && texts.size < 400) texts.set(path, text);
    return text;
  };

  /** Takes over a file's text; gives a job if its facts are not known yet. */
  const load = (path: string, bytes: number, modified: number): KeyedJob | undefined => {
    const open = overlays.get(path);
    const { text, problem } = open === undefined ? readText(root, path) : { text: open, problem: undefined };
    texts.delete(path);
    // An editor may open what a scan leaves out: installed, built and ignored files.
    if (text !== undefined && !sizes.has(path) && !isWanted(root, path)) {
      entries.delete(path);
      return undefined;
    }
    if (text === undefined) {
      if (problem) entries.set(path, { key: '', facts: null, bytes, modified, marked: false, lines: 0, problem });
      else entries.delete(path);
      configs.delete(path);
      return undefined;
    }
    if (isConfigFile(path)) configs.set(path, text);
    const key = contentKey(path, text);
    const before = entries.get(path);
    const marked = text.includes('underpin-ignore');
    const lines = isSourcePath(path) ? countLines(text) : 0;
    const entry = { key, bytes, modified, marked, lines, ...(problem ? { problem } : {}) };
    if (before?.key === key) {
      entries.set(path, { ...entry, facts: before.facts });
      return undefined;
    }
    const isKnown = cache.has(key);
    if (isKnown) cached++;
    // Facts stay in the cache's bytes until somebody asks for them: an unchanged workspace needs none.
    // Without a key until it is extracted, so that a cancelled scan leaves no half-known file behind.
    entries.set(path, isKnown ? { ...entry, facts: undefined } : { ...entry, key: '', facts: null });
    return isKnown ? undefined : { path, text, key };
  };

  const rebuild = (): ReadonlyMap<string, Facts> => {
    const next = new Map<string, Facts>();
    for (const path of [...entries.keys()].sort()) {
      const entry = entries.get(path)!;
      const own = entry.facts === undefined ? reload(path, entry) : entry.facts;
      if (own) next.set(path, own);
    }
    return next;
  };

  const reload = (path: string, entry: Entry): Facts | null => {
    const kept = cache.get(entry.key);
    const own = kept === undefined ? (factsOf(path, textOf(path) ?? '') ?? null) : kept;
    entries.set(path, { ...entry, facts: own });
    return own;
  };

  return {
    get facts() {
      facts ??= rebuild();
      return facts;
    },
    get keys() {
      const own = [...entries.keys()].sort().map(path => `${path} ${entries.get(path)!.key}`);
      return [...outer.map(({ path, text }) => `${path} ${contentKey(path, text)}`), ...own];
    },
    get configs() {
      return configs;
    },
    get outerConfigs() {
      return outer;
    },
    get problems() {
      return [...diskProblems, ...[...entries.values()].flatMap(entry => (entry.problem ? [entry.problem] : []))];
    },
    get marked() {
      return [...entries].flatMap(([path, { marked }]) => (marked ? [path] : []));
    },
    get stats() {
      let lines = 0;
      let bytes = 0;
      for (const entry of entries.values()) {
        lines += entry.lines;
        bytes += entry.bytes;
      }
      return { files: entries.size, lines, bytes, cached };
    },
    text: textOf,
    adopt(equal) {
      if (equal.size === 0) return;
      facts = new Map([...(facts ?? rebuild())].map(([path, one]) => [path, equal.get(path) ?? one]));
      for (const [path, own] of equal) entries.set(path, { ...entries.get(path)!, facts: own });
    },
    change(path, text) {
      texts.delete(path);
      if (text === undefined) overlays.delete(path);
      else if (overlays.get(path) === text) return;
      else overlays.set(path, text);
      dirty.add(path);
    },
    get isStale() {
      return !discovered || dirty.size > 0;
    },
    rediscover() {
      discovered = false;
    },
    async refresh({ signal, onProgress } = {}) {
      if (!discovered) {
        const found = discover(root);
        diskProblems = found.problems;
        outer = outerConfigs(root);
        const present = new Set(found.files.map(file => file.path));
        for (const path of [...entries.keys()]) if (!present.has(path) && !overlays.has(path)) entries.delete(path);
        for (const { path, bytes, modified } of found.files) {
          const known = entries.get(path);
          if (known?.bytes !== bytes || known.modified !== modified) dirty.add(path);
        }
        sizes.clear();
        for (const file of found.files) sizes.set(file.path, file);
        for (const path of overlays.keys()) dirty.add(path);
        discovered = true;
      }
      const todo = [...dirty];
      // Emptied before the first pause: an edit that arrives while this runs is for the next refresh.
      dirty.clear();
      try {
        await readAll(todo, signal, onProgress);
      } catch (error) {
        for (const path of todo) dirty.add(path);
        throw error;
      } finally {
        if (todo.length > 0) facts = undefined;
      }
      onProgress?.(todo.length, todo.length);
    },
  };

  async function readAll(
    todo: readonly string[],
    signal: RefreshOptions['signal'],
    onProgress: RefreshOptions['onProgress'],
  ): Promise<void> {
    const jobs: KeyedJob[] = [];
    cached = 0;
    for (const [position, path] of todo.entries()) {
      if (position % BATCH === 0) {
        onProgress?.(position, todo.length);
        if (position > 0) await turn();
        signal?.throwIfAborted();
      }
      const size = sizes.get(path);
      const job = load(path, overlays.get(path)?.length ?? size?.bytes ?? 0, size?.modified ?? 0);
      if (job) jobs.push(job);
    }
    await extractAll(
      jobs,
      ({ path, key }, own, json) => {
        const entry = entries.get(path)!;
        cache.set(key, own, json);
        entries.set(path, { ...entry, key, facts: own });
      },
      { workerUrl, signal, pause: turn },
    );
  }
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
