import { lineEnd } from '../../common/lines.ts';
import type { CommentRange } from './comments.ts';

/** Start of a comment → its end. */
type CommentEnds = ReadonlyMap<number, number>;

const DECORATOR = /@[\w$.]+\s*/y;
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * From the first code at or after `from` to the start of what it declares: decorators are passed over, since a
 * formatter may put them between a comment and its class or method. Undefined at the end of the text.
 */
export function nextCode(
  text: string,
  from: number,
  ranges: readonly CommentRange[],
): { start: number; end: number } | undefined {
  const comments: CommentEnds = new Map(ranges.map(range => [range.start, range.end]));
  const start = skipTrivia(text, from, comments);
  if (start >= text.length) return undefined;
  let end = start;
  while (text[end] === '@') {
    DECORATOR.lastIndex = end;
    const name = DECORATOR.exec(text)?.[0];
    if (name === undefined) break;
    const behind = end + name.length;
    const next = skipTrivia(text, text[behind] === '(' ? skipBrackets(text, behind, comments) : behind, comments);
    if (next >= text.length) break;
    end = next;
  }
  return { start, end };
}

/**
 * The end of the line in which the last template that starts between `from` and `end` is closed: nobody can write a
 * comment inside a template, so a comment above its first line speaks for all of it.
 */
export function throughTemplates(text: string, from: number, end: number, ranges: readonly CommentRange[]): number {
  const comments: CommentEnds = new Map(ranges.map(range => [range.start, range.end]));
  let last = end;
  for (let at = from; at < last; at++) {
    const char = text[at] ?? '';
    const behind = comments.get(at) ?? at;
    if (behind > at) at = behind - 1;
    else if (char === '"' || char === "'") at = skipQuoted(text, at, char);
    else if (char === '`') {
      at = skipTemplate(text, at);
      if (at < text.length && at >= last) last = lineEnd(text, at);
    }
  }
  return last;
}

function skipTrivia(text: string, from: number, comments: CommentEnds): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    const end = comments.get(at) ?? at;
    if (end <= at) return at;
    at = end;
  }
}

/** Behind the bracket that closes the one at `from`; strings and comments inside do not count. */
function skipBrackets(text: string, from: number, comments: CommentEnds): number {
  const open: string[] = [];
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    const end = comments.get(at) ?? at;
    if (end > at) at = end - 1;
    else if (char === '"' || char === "'") at = skipQuoted(text, at, char);
    else if (char === '`') at = skipTemplate(text, at);
    else if (PAIRS[char] !== undefined) open.push(PAIRS[char]);
    else if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return at + 1;
    }
  }
  return text.length;
}

/** The closing quote; a string that is not closed ends with its line. */
function skipQuoted(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote || text[at] === '\n') return at;
  }
  return text.length;
}

/** The closing backtick of a template, past the templates nested in its substitutions; the end of the text without one. */
function skipTemplate(text: string, from: number): number {
  const open = ['`'];
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    const inner = open.at(-1);
    if (char === '\\') at++;
    else if (char === '`') {
      if (inner !== '`') open.push('`');
      else {
        open.pop();
        if (open.length === 0) return at;
      }
    } else if (inner === '`') {
      if (char === '$' && text[at + 1] === '{') {
        open.push('{');
        at++;
      }
    } else if (char === '{') open.push('{');
    else if (char === '}') open.pop();
  }
  return text.length;
}
