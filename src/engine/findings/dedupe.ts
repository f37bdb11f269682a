import { CONFIDENCES, type Finding } from '../model/finding.ts';
import { compareFindings } from '../model/order.ts';

type Sortable = Pick<Finding, 'ruleId' | 'message' | 'span' | 'severity' | 'confidence' | 'evidence'>;

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
