import { compareText } from '../../common/compare.ts';
import { CONFIDENCES, type Finding, SEVERITIES } from '../model/finding.ts';

type Sortable = Pick<Finding, 'ruleId' | 'message' | 'span' | 'severity' | 'confidence' | 'evidence'>;

/** The order of every report: by file, then by place. */
export function compareFindings(left: Sortable, right: Sortable): number {
  return (
    compareText(left.span.file, right.span.file) ||
    left.span.start - right.span.start ||
    left.span.end - right.span.end ||
    compareText(left.ruleId, right.ruleId) ||
    compareText(left.message, right.message)
  );
}

/** Worst first; for reports that must cut. */
export function compareBySeverity(left: Sortable, right: Sortable): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    CONFIDENCES.indexOf(left.confidence) - CONFIDENCES.indexOf(right.confidence) ||
    compareFindings(left, right)
  );
}

/** Sorts, and of findings that say the same of the same place keeps the surest with the longest proof. */
export function dedupe<T extends Sortable>(findings: readonly T[]): T[] {
  const kept = new Map<string, T>();
  for (const finding of findings) {
    const { file, start, end } = finding.span;
    const key = JSON.stringify([finding.ruleId, file, start, end, finding.message]);
    const other = kept.get(key);
    if (!other || isBetterProven(finding, other)) kept.set(key, finding);
  }
  return [...kept.values()].sort(compareFindings);
}

function isBetterProven(left: Sortable, right: Sortable): boolean {
  const gain = CONFIDENCES.indexOf(right.confidence) - CONFIDENCES.indexOf(left.confidence);
  return gain > 0 || (gain === 0 && left.evidence.length > right.evidence.length);
}
