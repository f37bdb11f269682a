import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXTRACTOR_VERSION } from '../engine/facts/extract.ts';
import type { Facts } from '../engine/facts-of.ts';

const FORMAT = 1;
/** A cache file beyond this many bytes is not written: reading it back would cost more than it saves. */
const MAX_BYTES = 400_000_000;

/**
 * Facts by content. One file per workspace: a line with an index, then the facts' JSON one after the other, so that a
 * stale or unwanted entry is never parsed. Corrupt or foreign files count as empty.
 */
export interface FactCache {
  has(key: string): boolean;
  /** Facts under a key, or undefined; `null` was stored for texts no reader claims. */
  get(key: string): Facts | null | undefined;
  /** `json`: the facts as JSON, if somebody has them that way already. */
  set(key: string, facts: Facts | null, json?: string): void;
  /** Writes what was used or added since the cache was opened. Never throws. */
  save(): void;
}

/** The key of a text: the path's kind matters (extension, name), so the path is part of it. */
export function contentKey(path: string, text: string): string {
  return createHash('sha1').update(path).update('\0').update(text).digest('base64url');
}

export function openFactCache(file: string | undefined, buildId: string): FactCache {
  const header = `underpin facts ${FORMAT}.${EXTRACTOR_VERSION} ${buildId}`;
  const stored = file === undefined ? undefined : load(file, header);
  const used = new Map<string, Entry>();
  let changed = false;
  return {
    has(key) {
      if (used.has(key)) return true;
      const entry = stored?.index.get(key);
      if (!stored || !entry) return false;
      used.set(key, entry);
      return true;
    },
    get(key) {
      const entry = stored?.index.get(key);
      if (!entry) return undefined;
      try {
        const bytes = stored?.bytes();
        return bytes && (JSON.parse(bytes.toString('utf8', entry[0], entry[1])) as Facts | null);
      } catch {
        return undefined;
      }
    },
    set(key, facts, json = JSON.stringify(facts)) {
      changed = true;
      used.set(key, Buffer.from(json, 'utf8'));
    },
    save() {
      if (file === undefined || (!changed && used.size === (stored?.index.size ?? 0))) return;
      try {
        const bytes = stored?.bytes();
        const entries = [...used].flatMap(([key, one]): [string, Buffer][] => {
          if (one instanceof Buffer) return [[key, one]];
          return bytes ? [[key, bytes.subarray(one[0], one[1])]] : [];
        });
        write(file, header, entries);
      } catch {
        // A cache that cannot be written only costs time.
      }
    },
  };
}

/** Where the cache of a workspace lies below a folder for caches. */
export function cacheFileOf(folder: string, root: string): string {
  return join(folder, `${createHash('sha1').update(root).digest('hex').slice(0, 16)}.facts`);
}

type Range = readonly [start: number, end: number];

/** Facts as UTF-8 JSON, outside of the heap, or where they stand in the file. */
type Entry = Buffer | Range;

interface Stored {
  /** The file, as long as nobody else has written it: read again when it is needed, so that it takes up no memory. */
  bytes(): Buffer | undefined;
  readonly index: ReadonlyMap<string, Range>;
}

function load(file: string, header: string): Stored | undefined {
  try {
    const bytes = readFileSync(file);
    const firstEnd = bytes.indexOf(10);
    if (firstEnd === -1 || bytes.toString('utf8', 0, firstEnd) !== header) return undefined;
    const secondEnd = bytes.indexOf(10, firstEnd + 1);
    const lengths = JSON.parse(bytes.toString('utf8', firstEnd + 1, secondEnd)) as [string, number][];
    const index = new Map<string, Range>();
    let at = secondEnd + 1;
    for (const [key, length] of lengths) {
      index.set(key, [at, at + length]);
      at += length;
    }
    if (at !== bytes.length) return undefined;
    const start = bytes.toString('utf8', 0, secondEnd);
    let held = new WeakRef(bytes);
    return {
      index,
      bytes() {
        const known = held.deref();
        if (known) return known;
        const again = readFileSync(file);
        if (again.length !== at || again.toString('utf8', 0, secondEnd) !== start) return undefined;
        held = new WeakRef(again);
        return again;
      },
    };
  } catch {
    return undefined;
  }
}

function write(file: string, header: string, used: readonly (readonly [string, Buffer])[]): void {
  const parts: Buffer[] = [];
  const lengths: [string, number][] = [];
  let total = 0;
  for (const [key, bytes] of used) {
    total += bytes.length;
    if (total > MAX_BYTES) return;
    parts.push(bytes);
    lengths.push([key, bytes.length]);
  }
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'w');
  try {
    writeSync(handle, `${header}\n${JSON.stringify(lengths)}\n`);
    for (const part of parts) writeSync(handle, part);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
