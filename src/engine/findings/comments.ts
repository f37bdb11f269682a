import { lineEnd } from '../../common/lines.ts';
import type { CommentStyle } from './comment-style.ts';
import { scriptComments } from './script-comments.ts';

/** A comment with its delimiters, in UTF-16 offsets. */
export interface CommentRange {
  readonly start: number;
  readonly end: number;
}

/** Finds comments without parsing: tolerant of any text, and blind to marks inside string literals. */
export function scanComments(style: CommentStyle, text: string): CommentRange[] {
  switch (style) {
    case 'script':
      return scriptComments(text);
    case 'hash':
      return hashComments(text);
    case 'hash-line':
      return matches(text, /^[ \t]*(#.*)$/gm);
    case 'sql':
      return sqlComments(text);
    case 'markup':
      return matches(text, /(<!--[\s\S]*?(?:-->|$(?![\s\S])))/g);
    case 'none':
      return [];
  }
}

function matches(text: string, pattern: RegExp): CommentRange[] {
  return Array.from(text.matchAll(pattern), match => {
    const end = match.index + match[0].length;
    return { start: end - (match[1] ?? '').length, end };
  });
}

/** `#` starts a comment at the start of a word; a quote opens only where a value may start, so that `don't # x` works. */
function hashComments(text: string): CommentRange[] {
  const found: CommentRange[] = [];
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const start = hashStart(text, at, end);
    if (start >= 0) found.push({ start, end });
    at = end + 1;
  }
  return found;
}

function hashStart(text: string, from: number, end: number): number {
  let quote = '';
  for (let at = from; at < end; at++) {
    const char = text[at];
    const before = at === from ? ' ' : (text[at - 1] ?? ' ');
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && /[\s[{(,:=]/.test(before)) {
      quote = char;
    } else if (char === '#' && /\s/.test(before)) {
      return at;
    }
  }
  return -1;
}

function sqlComments(text: string): CommentRange[] {
  const found: CommentRange[] = [];
  for (const token of text.matchAll(
    /'(?:[^']|'')*'|"[^"\n]*"|(--.*|#(?= *underpin-).*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S])))/g,
  )) {
    if (token[1] !== undefined) found.push({ start: token.index, end: token.index + token[0].length });
  }
  return found;
}
