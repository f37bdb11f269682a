import { stringOf, type Value } from '../../link/values.ts';

/** Which paths `config.matcher` of a middleware covers; undefined answers mean that it cannot be told. */
export type Matcher = (path: string) => boolean | undefined;

const EVERYTHING: Matcher = () => true;

/** Reads a matcher: a string, a list of them, or objects with a `source`; without one every path is covered. */
export function matcherOf(value: Value | undefined): Matcher {
  if (!value || (value.k === 'const' && value.v === undefined)) return EVERYTHING;
  const list = value.k === 'array' ? value.items : [value];
  const known = list.map(sourceOf);
  const isOpen = known.includes(undefined) || (value.k === 'array' && value.open);
  const sources = known.filter(one => one !== undefined);
  return path => {
    const found = sources.map(source => matches(source, path));
    if (found.includes(true)) return true;
    return isOpen || found.includes(undefined) ? undefined : false;
  };
}

interface Source {
  readonly pattern: string;
  /** It asks for headers, cookies or queries, too. */
  readonly conditional: boolean;
}

function sourceOf(value: Value): Source | undefined {
  const pattern = stringOf(value);
  if (pattern !== undefined) return { pattern, conditional: false };
  if (value.k !== 'object') return undefined;
  const source = stringOf(value.props.get('source'));
  const conditional = value.props.has('has') || value.props.has('missing');
  return source === undefined ? undefined : { pattern: source, conditional };
}

function matches({ pattern, conditional }: Source, path: string): boolean | undefined {
  const test = compile(pattern);
  if (!test) return undefined;
  if (!test.test(sample(path))) return false;
  return conditional ? undefined : true;
}

/** A path as a request might ask for it: parameters filled with a word nobody excludes. */
function sample(path: string): string {
  return path
    .split('/')
    .map(part => part.replace(/[:*]\w+/g, 'zz9'))
    .join('/');
}

/** The subset of path-to-regexp that matchers are written in: `/a/:b*`, `/(api|trpc)(.*)`, `/((?!_next).*)`. */
function compile(pattern: string): RegExp | undefined {
  let out = '';
  let at = 0;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const slash = rest.startsWith('/') ? '/' : '';
    const named = /^\/?:\w+/.exec(rest)?.[0] ?? '';
    const group = groupAt(rest, named ? named.length : slash.length);
    if (!named && group === undefined) {
      out += rest[0]!.replace(/[.+*?^$|()[\]{}\\]/, '\\$&');
      at++;
      continue;
    }
    at += (named ? named.length : slash.length) + (group?.length ?? 0);
    const suffix = /^[*+?]/.exec(pattern.slice(at))?.[0] ?? '';
    at += suffix.length;
    out += part(slash, group ?? '([^/]+?)', suffix);
  }
  try {
    return new RegExp(`^${out}/?$`, 'i');
  } catch {
    return undefined;
  }
}

function part(slash: string, group: string, suffix: string): string {
  const inner = `(?:${group.slice(1, -1)})`;
  if (suffix === '?') return `(?:${slash}${inner})?`;
  if (suffix === '*') return `(?:${slash}${inner}(?:/${inner})*)?`;
  return suffix === '+' ? `${slash}${inner}(?:/${inner})*` : `${slash}${inner}`;
}

/** The balanced group in parentheses that begins at an offset. */
function groupAt(text: string, at: number): string | undefined {
  if (text[at] !== '(') return undefined;
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '(') depth++;
    else if (text[end] === ')' && --depth === 0) return text.slice(at, end + 1);
  }
  return undefined;
}
