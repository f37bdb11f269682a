import { compareText } from '../../common/compare.ts';
import type { Finding } from '../model/finding.ts';
import type { BaselineEntry } from './apply.ts';

export interface BaselineEdit {
  readonly entries: readonly BaselineEntry[];
  readonly added: number;
  readonly removed: number;
}

/** Accepts everything that is open now and forgets what was accepted before. */
export function createBaseline(findings: readonly Finding[]): BaselineEdit {
  return updateBaseline([], findings);
}

/** Accepts everything that is open now and drops entries whose finding is gone. */
export function updateBaseline(entries: readonly BaselineEntry[], findings: readonly Finding[]): BaselineEdit {
  return changed(entries, findings.filter(isOpen).map(toEntry));
}

/** Drops entries whose finding is gone or ignored by a comment; accepts nothing new. */
export function pruneBaseline(entries: readonly BaselineEntry[], findings: readonly Finding[]): BaselineEdit {
  const open = new Set(findings.filter(isOpen).map(finding => finding.fingerprint));
  return changed(
    entries,
    entries.filter(entry => open.has(entry.fingerprint)),
  );
}

/** Open for a baseline is also what the baseline itself hides, but not what a comment ignores. */
function isOpen(finding: Finding): boolean {
  return finding.suppression?.kind !== 'comment';
}

function toEntry({ fingerprint, ruleId, span }: Finding): BaselineEntry {
  return { fingerprint, rule: ruleId, file: span.file };
}

function changed(before: readonly BaselineEntry[], after: readonly BaselineEntry[]): BaselineEdit {
  const old = new Set(before.map(entry => entry.fingerprint));
  const unique = new Map(after.map(entry => [entry.fingerprint, entry]));
  const kept = [...unique.keys()].filter(fingerprint => old.has(fingerprint)).length;
  return {
    entries: [...unique.values()].sort(compareEntries),
    added: unique.size - kept,
    removed: old.size - kept,
  };
}

export function compareEntries(left: BaselineEntry, right: BaselineEntry): number {
  return (
    compareText(left.file, right.file) ||
    compareText(left.rule, right.rule) ||
    compareText(left.fingerprint, right.fingerprint)
  );
}
