/** One endpoint of a tool's list or of the truth. `auth`: whether some guard runs; absent or null where unknown. */
export interface ListedEndpoint {
  readonly method: string;
  readonly path: string;
  readonly file?: string;
  readonly auth?: boolean | null;
  /** Of the truth: may be missing without counting as missed. */
  readonly optional?: boolean;
}

export interface Truth {
  readonly repo: string;
  readonly endpoints: readonly ListedEndpoint[];
  /** False: the truth does not list everything, so nothing can be called too much. */
  readonly complete?: boolean;
  /** Only endpoints below one of these count for precision. */
  readonly scopePrefixes?: readonly string[];
  /** Many small applications: paths are written `/<folder>:<path>`. */
  readonly perProject?: boolean;
}

export interface Score {
  readonly truth: number;
  readonly listed: number;
  readonly found: number;
  /** 0–1; undefined where there is nothing to compare. */
  readonly recall: number | undefined;
  readonly precision: number | undefined;
  readonly auth: { readonly compared: number; readonly agreement: number | undefined };
  readonly missed: readonly string[];
  readonly extra: readonly string[];
  /** Guarded in truth, called open. */
  readonly calledOpen: readonly string[];
  /** Open in truth, called guarded. */
  readonly calledGuarded: readonly string[];
}

interface Entry {
  readonly raw: ListedEndpoint;
  readonly method: string;
  readonly paths: readonly string[];
}

/**
 * Strict comparison: parameters in any spelling are one, an optional last parameter may be left out, ALL meets every
 * method, and endpoints for HEAD or OPTIONS that frameworks add by themselves do not count as too much.
 */
export function score(listed: readonly ListedEndpoint[], truth: Truth): Score {
  const own = distinct(listed.map(toEntry));
  const wanted = distinct(truth.endpoints.map(toEntry));
  const byPath = new Map<string, Entry[]>();
  for (const entry of wanted) for (const path of entry.paths) byPath.set(path, [...(byPath.get(path) ?? []), entry]);
  const pairs = own.map(entry => {
    const same = entry.paths.flatMap(path => byPath.get(path) ?? []).filter(other => meets(entry.method, other.method));
    return { entry, matches: new Set(same) };
  });
  const hit = new Set(pairs.flatMap(({ matches }) => [...matches]));
  const counted = wanted.filter(({ raw }) => raw.optional !== true);
  const missed = counted.filter(entry => !hit.has(entry));
  const methods = new Set(wanted.map(({ method }) => method));
  const inScope = pairs.filter(({ entry, matches }) => {
    const isImplied = /^(?:HEAD|OPTIONS)$/.test(entry.method) && matches.size === 0 && !methods.has(entry.method);
    return !isImplied && isBelow(entry, truth);
  });
  const extra = inScope.filter(({ matches }) => matches.size === 0);
  const judged = pairs.flatMap(({ entry, matches }) =>
    [...matches].flatMap(other =>
      typeof entry.raw.auth === 'boolean' && typeof other.raw.auth === 'boolean'
        ? [{ other, says: entry.raw.auth, is: other.raw.auth }]
        : [],
    ),
  );
  const wrong = judged.filter(({ says, is }) => says !== is);
  const label = ({ method, raw }: Entry): string => `${method} ${raw.path}`;
  return {
    truth: counted.length,
    listed: inScope.length,
    found: counted.length - missed.length,
    recall: ratio(counted.length - missed.length, counted.length),
    precision: truth.complete === false ? undefined : ratio(inScope.length - extra.length, inScope.length),
    auth: { compared: judged.length, agreement: ratio(judged.length - wrong.length, judged.length) },
    missed: missed.map(label),
    extra: extra.map(({ entry }) => label(entry)),
    calledOpen: wrong.filter(({ is }) => is).map(({ other }) => label(other)),
    calledGuarded: wrong.filter(({ is }) => !is).map(({ other }) => label(other)),
  };
}

function isBelow({ paths }: Entry, { perProject, scopePrefixes = ['/'] }: Truth): boolean {
  if (perProject || scopePrefixes.length === 0) return true;
  const [path = ''] = paths;
  return scopePrefixes
    .map(normalised)
    .some(prefix => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));
}

function toEntry(raw: ListedEndpoint): Entry {
  const path = normalised(raw.path);
  const isShortened = /:(\w+)(?:\([^)]*\))?\?\/?$|\[\[\.{3}[^\]]+\]\]\/?$|\{[^}]*\?\}\/?$/.test(raw.path);
  return {
    raw,
    method: methodOf(raw.method),
    paths: isShortened ? [path, path.replace(/\/[^/]+$/, '') || '/'] : [path],
  };
}

/** The first of equal entries, with what any of them knows of its guards. */
function distinct(entries: readonly Entry[]): Entry[] {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.method} ${entry.paths[0]}`;
    const before = seen.get(key);
    if (!before) seen.set(key, entry);
    else if (before.raw.auth === undefined && entry.raw.auth !== undefined)
      seen.set(key, { ...before, raw: { ...before.raw, auth: entry.raw.auth } });
  }
  return [...seen.values()];
}

function methodOf(text: string): string {
  const method = text.toUpperCase();
  if (/^(?:ANY|\*|USE|)$/.test(method)) return 'ALL';
  return method === 'DEL' ? 'DELETE' : method;
}

function meets(left: string, right: string): boolean {
  return left === right || left === 'ALL' || right === 'ALL';
}

function normalised(path: string): string {
  const text = path.trim().replace(/^https?:\/\/[^/]+/, '');
  return `/${segments(text).map(segment).join('/')}`;
}

/** Slashes inside of brackets belong to a pattern. */
function segments(path: string): string[] {
  const out = [''];
  let depth = 0;
  for (const char of path) {
    if ('({[<'.includes(char)) depth++;
    if (')}]>'.includes(char)) depth = Math.max(0, depth - 1);
    if (char === '/' && depth === 0) out.push('');
    else out[out.length - 1] += char;
  }
  return out.filter(part => part !== '');
}

const CATCH_ALL =
  /^(?:\[\[?\.{3}[^\]]+\]\]?|\*+|\(\.\*\)|\{\*[^}]*\}|\{[^}]*\+\}|\*[A-Za-z_]\w*|:\w+(?:\(\.\*\)|\*|\+)|\{:?\w+\*\}|\$)$/;

function segment(text: string): string {
  if (CATCH_ALL.test(text)) return '{*}';
  return text
    .replace(/\$\{[^{}]*\}|<(?:\w+:)?\w+>/g, '{}')
    .replace(/:[A-Za-z_]\w*(?:\([^)]*\)|\{[^}]*\})?\??/g, '{}')
    .replace(/\[\w[\w-]*\]|\{[^{}]*\}/g, '{}')
    .replace(/\$\w+$/, '{}')
    .replace(/\((?:\?:)?\.\*\)|\*$/g, '{*}')
    .replace(/\{\}\?/g, '{}');
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
