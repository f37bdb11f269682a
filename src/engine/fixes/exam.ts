import { type Finding, SEVERITIES } from '../model/finding.ts';
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
 * Findings are compared by rule and message, because a change moves lines and so fingerprints of what it touches. One
 * that says something else by now, such as how many steps are in front of a handler, is not a new one.
 */
export function examine(
  target: readonly Finding[],
  before: readonly Finding[],
  after: readonly Finding[],
  broken: readonly string[],
): string[] {
  const reasons = broken.map(file => `${file} does not parse any more.`);
  const was = counted(before);
  const is = counted(after);
  const targets = counted(target);
  for (const [key, { count, finding }] of targets)
    if (numberOf(is, key) > numberOf(was, key) - count) reasons.push(`${finding.ruleId} still reports here.`);
  const gone = surplus(was, is).filter(one => !targets.has(keyOf(one)));
  for (const added of surplus(is, was)) {
    const rank = SEVERITIES.indexOf(added.severity);
    const at = gone.findIndex(
      one =>
        one.ruleId === added.ruleId && one.span.file === added.span.file && SEVERITIES.indexOf(one.severity) <= rank,
    );
    if (at !== -1) gone.splice(at, 1);
    else reasons.push(`It adds a finding of ${added.ruleId} in ${added.span.file}.`);
  }
  return reasons;
}

interface Counted {
  count: number;
  readonly finding: Finding;
}

function counted(findings: readonly Finding[]): Map<string, Counted> {
  const out = new Map<string, Counted>();
  for (const finding of findings) {
    if (finding.suppression) continue;
    const known = out.get(keyOf(finding));
    if (known) known.count++;
    else out.set(keyOf(finding), { count: 1, finding });
  }
  return out;
}

function numberOf(counts: ReadonlyMap<string, Counted>, key: string): number {
  return counts.get(key)?.count ?? 0;
}

/** What there is more of on one side than on the other. */
function surplus(these: ReadonlyMap<string, Counted>, those: ReadonlyMap<string, Counted>): Finding[] {
  return [...these].flatMap(([key, { count, finding }]) =>
    Array.from({ length: Math.max(0, count - numberOf(those, key)) }, () => finding),
  );
}

function keyOf({ ruleId, span, message }: Finding): string {
  return `${ruleId}\0${span.file}\0${message}`;
}
