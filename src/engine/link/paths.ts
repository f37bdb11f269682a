import type { Value } from './values.ts';

export interface KnownPath {
  readonly path: string;
  /** Parts that are computed stand as `{?}`. */
  readonly complete: boolean;
}

/** A path value as text: `:name` for parameters, `{?}` for what is not known. */
export function pathText(value: Value | undefined): KnownPath {
  if (!value || (value.k === 'const' && value.v == null)) return { path: '', complete: true };
  if (value.k === 'const') return { path: String(value.v), complete: true };
  if (value.k === 'regex') return { path: `(${value.source})`, complete: true };
  if (value.k === 'template') {
    const parts = value.parts.map(part => (typeof part === 'string' ? { path: part, complete: true } : pathText(part)));
    return { path: parts.map(part => part.path).join(''), complete: parts.every(part => part.complete) };
  }
  // `process.env.PREFIX || 'api'`, `options.basePath ?? ''` are what they are by default.
  if (value.k === 'union') {
    const [only, ...others] = value.of.filter(one => one.k === 'const' || one.k === 'template');
    if (only && others.length === 0 && value.of.length > 1 && value.of.every(mayBeText)) return pathText(only);
  }
  return { path: '{?}', complete: false };
}

/** Whether nothing speaks against a value's being a text. */
function mayBeText({ k }: Value): boolean {
  return k === 'const' || k === 'template' || k === 'env' || k === 'unknown' || k === 'param' || k === 'api';
}

/** Joins path pieces with single slashes; the result starts with one and ends with none (but for the root). */
export function joinPaths(...pieces: readonly string[]): string {
  const joined = pieces
    .map(piece => piece.replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/');
  return `/${joined}`;
}

/** `{id}`, `[id]`, `:id(\\d+)`, `:id?` as `:id`; trailing slash dropped. */
export function normalisePath(path: string): string {
  const text = path
    .replace(/\{\?\}/g, '\u0000')
    .replace(/\[\[?\.{3}(\w+)\]\]?/g, '*$1')
    .replace(/\[(\w+)\]/g, ':$1')
    .replace(/\{\/?:?(\w+)\}/g, ':$1')
    .replace(/(:\w+)\([^)]*\)/g, '$1')
    .replace(/(:\w+)[?+*]/g, '$1')
    .replace(/\u0000/g, '{?}');
  return joinPaths(text);
}

/** Whether a middleware mounted at `mount` runs for a route: undefined where a computed part leaves it open. */
export function covers(mount: string, route: string, match: 'prefix' | 'exact' = 'prefix'): boolean | undefined {
  const m = segments(mount);
  const r = segments(route);
  for (const [position, part] of m.entries()) {
    const other = r[position];
    if (part === '*' || part.startsWith('*') || part === '(.*)') return true;
    if (other === undefined) return false;
    if (part.includes('{?}') || other.includes('{?}') || part.startsWith('(')) return undefined;
    if (part.startsWith(':') || other.startsWith(':') || other.startsWith('*')) continue;
    if (part.toLowerCase() !== other.toLowerCase()) return false;
  }
  return match === 'exact' ? m.length === r.length : true;
}

function segments(path: string): string[] {
  return path.split('/').filter(Boolean);
}
