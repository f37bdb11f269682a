import type { Pos, Stmt } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { beginsLine, edit, indentAt, lineStart, styleOf } from './source-style.ts';

export function replaceText(file: string, p: Pos, text: string): TextEdit {
  return edit(file, p, text);
}

/** Puts text around a range: `wrap(file, p, 'await f(', ')')`. */
export function wrap(file: string, [start, end]: Pos, before: string, after: string): TextEdit[] {
  return [edit(file, [start, start], before), edit(file, [end, end], after)];
}

/** Inserts lines before a statement, indented as it is; undefined if the statement does not begin its line. */
export function insertBefore(
  file: string,
  text: string,
  statement: Stmt,
  lines: readonly string[],
): TextEdit | undefined {
  const start = startOf(text, statement);
  if (start === undefined || !beginsLine(text, start)) return undefined;
  const { eol } = styleOf(text);
  const base = indentAt(text, start);
  const added = lines.map(line => (line === '' ? eol : `${line}${eol}${base}`)).join('');
  return edit(file, [start, start], added);
}

/** A declaration's range leaves its keyword out; undefined for all but the first of several in one statement. */
function startOf(text: string, { k, p: [start] }: Stmt): number | undefined {
  if (k !== 'let') return start;
  const keyword = /\b(?:const|let|var|using)\s+$/.exec(text.slice(lineStart(text, start), start));
  return keyword ? start - keyword[0].length : undefined;
}

/** Inserts lines after the line a statement ends in, indented as the statement is. */
export function insertAfter(
  file: string,
  text: string,
  statement: Stmt,
  lines: readonly string[],
): TextEdit | undefined {
  const start = startOf(text, statement);
  const [, end] = statement.p;
  if (start === undefined || !beginsLine(text, start)) return undefined;
  const tail = /^[ \t]*;?[ \t]*(?:\/\/[^\n\r]*)?(?=\r?\n|$)/.exec(text.slice(end))?.[0];
  if (tail === undefined) return undefined;
  const { eol } = styleOf(text);
  const base = indentAt(text, start);
  const at = end + tail.length;
  return edit(file, [at, at], lines.map(line => eol + (line === '' ? '' : base + line)).join(''));
}

/** Appends lines to the end of a file, one empty line before them. */
export function appendLines(file: string, text: string, lines: readonly string[]): TextEdit {
  const { eol } = styleOf(text);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  return edit(file, [text.length, text.length], gap + lines.map(line => line + eol).join(''));
}

/** The start of the comment lines right above a line. */
export function aboveComments(text: string, line: number): number {
  let at = line;
  while (at > 0) {
    const before = lineStart(text, at - 1);
    if (!/^\s*(?:\/\/|\/?\*)/.test(text.slice(before, at))) break;
    at = before;
  }
  return at;
}
