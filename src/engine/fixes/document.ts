import type { TextRange } from '../model/document.ts';
import type { TextEdit } from '../model/span.ts';
import { edit, lineStart } from './source-style.ts';

/** Puts a value into the place of a scalar, in the quotes that stand there. */
export function replaceScalar(file: string, text: string, at: TextRange, value: string | number): TextEdit {
  const quote = /^["']/.exec(text.slice(at.start, at.end))?.[0] ?? '';
  return edit(file, [at.start, at.end], quote + value + quote);
}

/** Inserts lines below the line in which `offset` stands, comments behind it left where they are. */
export function insertLinesAfter(file: string, text: string, offset: number, lines: readonly string[]): TextEdit {
  const eol = eolOf(text);
  const end = text.indexOf('\n', offset);
  const at = end === -1 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
  return edit(file, [at, at], lines.map(line => eol + line).join(''));
}

/** Inserts lines above the line in which `offset` stands. */
export function insertLinesBefore(file: string, text: string, offset: number, lines: readonly string[]): TextEdit {
  const eol = eolOf(text);
  const at = lineStart(text, offset);
  return edit(file, [at, at], lines.map(line => line + eol).join(''));
}

/** Removes the lines from `start` to `end` with their line break. */
export function removeLines(file: string, text: string, start: number, end: number): TextEdit {
  const next = text.indexOf('\n', Math.max(start, end - 1));
  return edit(file, [lineStart(text, start), next === -1 ? text.length : next + 1], '');
}

export function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
