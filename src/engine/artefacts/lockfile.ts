import type { LockfileFacts } from '../model/artefacts/project.ts';
import { type ArtefactReader, baseName } from './reader.ts';

type Versions = Map<string, string[]>;

const SPACE = 32;
const RETURN = 13;

const MANAGERS: Readonly<Record<string, LockfileFacts['manager']>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
};

/** Lockfiles are huge and machine-written, so all but npm's are read line by line; no positions are kept. */
export const lockfile: ArtefactReader<'lockfile'> = {
  kind: 'lockfile',

  matches: path => Object.hasOwn(MANAGERS, baseName(path)),

  read(path, text) {
    const manager = MANAGERS[baseName(path)] ?? 'npm';
    const versions: Versions = new Map();
    let complete = true;
    if (manager === 'npm') complete = readNpm(text, versions);
    else if (manager === 'pnpm') readPnpm(text, versions);
    else if (manager === 'yarn') readYarn(text, versions);
    else readBun(text, versions);
    const problems = complete || !text ? [] : [{ message: 'JSON: invalid document', start: 0, end: 0 }];
    return { kind: 'lockfile', problems, manager, versions: Object.fromEntries(versions) };
  },
};

function add(versions: Versions, name: string, version: string): void {
  const known = versions.get(name);
  if (!known) versions.set(name, [version]);
  else if (!known.includes(version)) known.push(version);
}

interface NpmEntry {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly link?: unknown;
  readonly dependencies?: unknown;
}

function readNpm(text: string, versions: Versions): boolean {
  let root: { packages?: unknown; dependencies?: unknown };
  try {
    root = JSON.parse(text);
  } catch {
    scanNpm(text, versions);
    return false;
  }
  const entries = Object.entries(objectOf<NpmEntry>(root?.packages));
  const isNested = (key: string): boolean => key.indexOf('node_modules/', 1) > 0;
  for (const nested of [false, true]) {
    for (const [key, entry] of entries) {
      const at = key.lastIndexOf('node_modules/');
      if (at < 0 || isNested(key) !== nested || entry?.link === true) continue;
      const name = typeof entry?.name === 'string' ? entry.name : key.slice(at + 'node_modules/'.length);
      if (typeof entry?.version === 'string') add(versions, name, entry.version);
    }
  }
  if (entries.length === 0) readNpmTree(objectOf<NpmEntry>(root?.dependencies), versions);
  return true;
}

/** The nested form of lockfile version 1. */
function readNpmTree(dependencies: Readonly<Record<string, NpmEntry>>, versions: Versions): void {
  let level = [dependencies];
  for (let depth = 0; level.length > 0 && depth < 100; depth++) {
    const next: Readonly<Record<string, NpmEntry>>[] = [];
    for (const [name, entry] of level.flatMap(Object.entries<NpmEntry>)) {
      if (typeof entry?.version === 'string') add(versions, name, entry.version);
      if (entry?.dependencies && typeof entry.dependencies === 'object')
        next.push(objectOf<NpmEntry>(entry.dependencies));
    }
    level = next;
  }
}

/** What can still be read of a broken npm lockfile. */
function scanNpm(text: string, versions: Versions): void {
  const pattern = /"(?:[^"\n]*node_modules\/)?([^"\n/]+|@[^"\n/]+\/[^"\n/]+)": \{\s*"version": "([^"\n]+)"/g;
  for (const [, name = '', version = ''] of text.matchAll(pattern)) add(versions, name, version);
}

function objectOf<T>(value: unknown): Readonly<Record<string, T>> {
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, T>) : {};
}

function readPnpm(text: string, versions: Versions): void {
  let section = '';
  let name = '';
  eachLine(text, (start, end) => {
    if (text.charCodeAt(start) !== SPACE) {
      if (end > start) section = text.slice(start, text.indexOf(':', start));
    } else if (section === 'packages' || section === 'snapshots') {
      // Keys stand at two blanks; nearly all lines are deeper, so they are passed over unread.
      if (text.charCodeAt(start + 2) === SPACE) return;
      // foo@1.0.0(peer@2.0.0): · '@scope/foo@1.0.0': · /foo@1.0.0: · /@scope/foo/1.0.0_peer@2.0.0:
      const line = text.slice(start, end);
      const [, found = '', version = ''] = /^ {2}'?\/?((?:@[^/@]+\/)?[^/@]+)[@/](\d[^():_'\s/]*)/.exec(line) ?? [];
      if (found) add(versions, found, version);
    } else if (section === 'importers' || /^(?:dev|optional)?[dD]ependencies$/.test(section)) {
      const [, key = '', value = ''] = /^ +'?([^':\s]+)'?: *([^\s(]*)/.exec(text.slice(start, end)) ?? [];
      if (key === 'version' && name) addDirect(versions, name, value);
      else if (value && key !== 'specifier') addDirect(versions, key, value);
      else if (key !== 'specifier') name = key;
    }
  });
}

/** Calls back with the offsets of every line, without its line break. */
function eachLine(text: string, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const next = found < 0 ? text.length : found;
    visit(start, next > start && text.charCodeAt(next - 1) === RETURN ? next - 1 : next);
    start = next + 1;
  }
}

function addDirect(versions: Versions, name: string, value: string): void {
  const version = value.replace(/^'|'$/g, '').replace(/_.*$/, '');
  if (/^\d+\.\d+\./.test(version)) add(versions, name, version);
}

function readYarn(text: string, versions: Versions): void {
  let name = '';
  eachLine(text, (start, end) => {
    if (text.charCodeAt(start) !== SPACE) {
      if (end > start) name = /^"?((?:@[^/@"]+\/)?[^@"#]+)@/.exec(text.slice(start, end))?.[1] ?? '';
    } else if (name && text.startsWith('  version', start)) {
      const version = /^ {2}version:? "?([^"\s]+)"?$/.exec(text.slice(start, end))?.[1];
      if (version && !version.endsWith('use.local')) add(versions, name, version);
    }
  });
}

function readBun(text: string, versions: Versions): void {
  const pattern = /^\s+"[^"\n]+": \["((?:@[^/@"\n]+\/)?[^@"\n]+)@(\d[^"\n]*)"/gm;
  for (const [, name = '', version = ''] of text.matchAll(pattern)) add(versions, name, version);
}
