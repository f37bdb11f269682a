import type { Finding } from '../model/finding.ts';

/** One accepted finding of the baseline file. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  /** Workspace-relative POSIX path; for the reader and for clean merges, the fingerprint alone decides. */
  readonly file: string;
}

/** Marks findings that the baseline accepts. An ignore comment is the nearer word and keeps its mark. */
export function applyBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
): { findings: Finding[]; stale: BaselineEntry[] } {
  const present = new Set(findings.map(finding => finding.fingerprint));
  const accepted = new Set(entries.map(entry => entry.fingerprint));
  return {
    findings: findings.map(finding =>
      finding.suppression || !accepted.has(finding.fingerprint)
        ? finding
        : { ...finding, suppression: { kind: 'baseline' } },
    ),
    stale: entries.filter(entry => !present.has(entry.fingerprint)),
  };
}
