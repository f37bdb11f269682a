import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fnv1a64 } from '../common/hash.ts';
import { type Knowledge, openKnowledge } from '../knowledge/knowledge.ts';
import { type PackedKnowledge, unpack } from '../knowledge/packed.ts';

/**
 * The compiled knowledge beside the built entry, whose pages are read when somebody opens them; undefined when the
 * sources run without a build.
 */
export function readKnowledge(entry: string): Knowledge | undefined {
  const index = readJson(new URL('./knowledge.json', entry)) as PackedKnowledge | undefined;
  return index && openKnowledge(unpack(index, part => readJson(new URL(`./knowledge/${part}.json`, entry))));
}

function readJson(file: URL): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text);
}

/**
 * Names the build: the built entry names its chunks by their content, so its own text changes with any of them.
 * Undefined for sources, whose facts must not be kept because nothing tells one state from the next.
 */
export function buildIdOf(entry: string): string | undefined {
  const file = fileURLToPath(entry);
  return file.endsWith('.ts') ? undefined : fnv1a64(readFileSync(file, 'utf8'));
}

/** The worker beside an entry: built beside a built one, source beside a source. */
export function workerUrlOf(entry: string): URL {
  return new URL(entry.endsWith('.ts') ? './worker.ts' : './worker.js', entry);
}

/** Where this user's caches go on this platform. https://specifications.freedesktop.org/basedir-spec */
export function userCacheFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string = homedir(),
): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'underpin');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'underpin', 'Cache');
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'underpin') : join(home, '.cache', 'underpin');
}
