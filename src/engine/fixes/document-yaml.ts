import type { TextRange } from '../model/document.ts';
import type { TextEdit } from '../model/span.ts';
import { insertLinesAfter, insertLinesBefore } from './document.ts';
import { lineStart } from './source-style.ts';

/**
 * Adds entries at the end of a block map. `lines` are written with two blanks a step from the map's own column and are
 * fitted to the file's step. Undefined if the map is written in braces.
 */
export function appendToMap(
  file: string,
  text: string,
  map: TextRange,
  lines: readonly string[],
): TextEdit | undefined {
  if (isFlow(text, map)) return undefined;
  return insertLinesAfter(file, text, Math.max(map.start, map.end - 1), indented(text, map.start, lines));
}

/** Adds entries in front of the entry of a block map that starts at `keyStart`. */
export function insertBeforeKey(file: string, text: string, keyStart: number, lines: readonly string[]): TextEdit {
  return insertLinesBefore(file, text, keyStart, indented(text, keyStart, lines));
}

export function isFlow(text: string, { start }: TextRange): boolean {
  return text[start] === '{' || text[start] === '[';
}

/** Lines moved to the column of `offset`, their steps as wide as the file's. */
export function indented(text: string, offset: number, lines: readonly string[]): string[] {
  const base = ' '.repeat(offset - lineStart(text, offset));
  const step = stepOf(text);
  return lines.map(line => {
    const own = /^ */.exec(line)![0].length;
    return base + step.repeat(own >> 1) + line.slice(own);
  });
}

/** One step of indentation: the least by which a line stands further right than the one before, two blanks if none does. */
function stepOf(text: string): string {
  let least = 0;
  let before = 0;
  for (const line of text.split('\n', 400)) {
    if (!line.trim() || line.trimStart().startsWith('#')) continue;
    const own = /^ */.exec(line)![0].length;
    if (own > before && (least === 0 || own - before < least)) least = own - before;
    // What follows a dash stands two further right by nature.
    before = line.startsWith('- ', own) ? own + 2 : own;
  }
  return ' '.repeat(least || 2);
}
