import type { CommentRange } from './comments.ts';

const WORDS_BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new do else instanceof await yield'.split(' '),
);

/** Comments of JavaScript-like text; strings, templates and regular expressions are stepped over. */
export function scriptComments(text: string): CommentRange[] {
  const found: CommentRange[] = [];
  /** One entry per open template substitution: how many braces are open inside it. */
  const substitutions: number[] = [];
  let lastCode = -1;

  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    const next = text[at + 1];
    let end = at + 1;
    if (char === '/' && next === '/') {
      end = skipUntil(text, at, /[\r\n]/g);
      found.push({ start: at, end });
    } else if (char === '/' && next === '*') {
      const close = text.indexOf('*/', at + 2);
      end = close < 0 ? text.length : close + 2;
      found.push({ start: at, end });
    } else {
      if (char === '"' || char === "'") end = skipString(text, at, char);
      else if (char === '`') end = skipTemplate(text, at + 1, substitutions);
      else if (char === '/' && mayStartRegex(text, lastCode)) end = skipRegex(text, at);
      else if (char === '{' && substitutions.length > 0) substitutions.push((substitutions.pop() ?? 0) + 1);
      else if (char === '}' && substitutions.length > 0) {
        const open = substitutions.pop() ?? 0;
        if (open === 0) end = skipTemplate(text, at + 1, substitutions);
        else substitutions.push(open - 1);
      }
      if (/\S/.test(char)) lastCode = end - 1;
    }
    at = end;
  }
  return found;
}

function skipUntil(text: string, from: number, pattern: RegExp): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** A string ends at its quote or, unfinished, at the end of its line. */
function skipString(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

/** Ends behind the closing backtick, or behind `${` after noting that a substitution is open. */
function skipTemplate(text: string, from: number, substitutions: number[]): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '`') return at + 1;
    else if (char === '$' && text[at + 1] === '{') {
      substitutions.push(0);
      return at + 2;
    }
  }
  return text.length;
}

function mayStartRegex(text: string, lastCode: number): boolean {
  if (lastCode < 0) return true;
  const char = text[lastCode] ?? '';
  if (char === '>') return text[lastCode - 1] === '=';
  if ('(,=:[!&|?{;+-*%^~'.includes(char)) return true;
  const word = /[\w$]+$/.exec(text.slice(Math.max(0, lastCode - 12), lastCode + 1))?.[0];
  return word !== undefined && WORDS_BEFORE_REGEX.has(word);
}

/** Unfinished on its line, it was a division: only the slash is stepped over. */
function skipRegex(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') break;
    if (char === '\\') at++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return from + 1;
}
