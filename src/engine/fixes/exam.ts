import type { Finding } from '../model/finding.ts';
import type { Change, TextEdit } from '../model/span.ts';

/** Texts of the workspace with a change laid over them; nothing is written. */
export interface Overlay {
  readonly files: ReadonlyMap<string, string>;
}

/** Applies edits to one text. Edits must not overlap; touching ones are fine. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let out = '';
  let at = 0;
  for (const { span, text: inserted } of sorted) {
    if (span.start < at || span.end > text.length) throw new RangeError('Edits overlap or lie outside of the text.');
    out += text.slice(at, span.start) + inserted;
    at = span.end;
  }
  return out + text.slice(at);
}

/** The changed files' texts; undefined if an edit names a file that is not there or a new file that is. */
export function overlay(change: Change, textOf: (file: string) => string | undefined): Overlay | undefined {
  const byFile = new Map<string, TextEdit[]>();
  for (const edit of change.edits) {
    const list = byFile.get(edit.span.file);
    if (list) list.push(edit);
    else byFile.set(edit.span.file, [edit]);
  }
  const files = new Map<string, string>();
  for (const [file, edits] of byFile) {
    const text = textOf(file);
    if (text === undefined) return undefined;
    try {
      files.set(file, applyEdits(text, edits));
    } catch {
      return undefined;
    }
  }
  for (const { file, text } of change.newFiles) {
    if (textOf(file) !== undefined || files.has(file)) return undefined;
    files.set(file, text);
  }
  return { files };
}

/**
 * What is wrong after a change, in sentences; empty if it passed. `broken` lists changed files that no longer parse.
 * Findings are compared by rule and message, because a change moves lines and so fingerprints of what it touches.
 */
export function examine(
  target: readonly Finding[],
  before: readonly Finding[],
  after: readonly Finding[],
  broken: readonly string[],
): string[] {
  const reasons = broken.map(file => `${file} does not parse any more.`);
  const open = (list: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const finding of list)
      if (!finding.suppression) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
    return counts;
  };
  const was = open(before);
  const is = open(after);
  for (const [key, count] of open(target)) {
    const [ruleId] = key.split('\0');
    if ((is.get(key) ?? 0) > (was.get(key) ?? 0) - count) reasons.push(`${ruleId} still reports here.`);
  }
  for (const [key, count] of is) {
    const [ruleId, file] = key.split('\0');
    if (count > (was.get(key) ?? 0)) reasons.push(`It adds a finding of ${ruleId} in ${file}.`);
  }
  return reasons;
}

function keyOf({ ruleId, span, message }: Finding): string {
  return `${ruleId}\0${span.file}\0${message}`;
}
