import { toPosixPath } from '../../common/path.ts';
import type { Problem } from '../model/finding.ts';
import type { BaselineEntry } from './apply.ts';
import { compareEntries } from './edit.ts';

/** Name of the baseline file where the configuration names no other; it lies in the workspace root. */
export const BASELINE_FILE = '.underpin-baseline.jsonl';

/** One JSON object a line, sorted, with LF on every platform, so that two branches merge line by line. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  return [...entries]
    .sort(compareEntries)
    .map(({ fingerprint, rule, file }) => `${JSON.stringify({ fingerprint, rule, file: toPosixPath(file) })}\n`)
    .join('');
}

/** Reads the file line by line; a line that is not an entry is a problem and the others still count. */
export function readBaseline(name: string, text: string): { entries: BaselineEntry[]; problems: Problem[] } {
  const entries = new Map<string, BaselineEntry>();
  const problems: Problem[] = [];
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .entries()) {
    if (line.trim() === '') continue;
    const entry = readEntry(line);
    if (entry) {
      entries.set(entry.fingerprint, entry);
      continue;
    }
    const what = /^(?:<{7}|={7}|>{7}|\|{7})/.test(line)
      ? 'is left over from a merge conflict'
      : 'is not a baseline entry';
    const message = `${name}:${at + 1} ${what}; run "underpin baseline update" to write the file anew.`;
    problems.push({ code: 'invalid-config', message, file: name, incomplete: false });
  }
  return { entries: [...entries.values()].sort(compareEntries), problems };
}

function readEntry(line: string): BaselineEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { fingerprint, rule, file } = value as Record<string, unknown>;
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{16}$/.test(fingerprint)) return undefined;
  if (typeof rule !== 'string' || typeof file !== 'string') return undefined;
  return { fingerprint, rule, file: toPosixPath(file) };
}
