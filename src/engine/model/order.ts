import { compareText } from '../../common/compare.ts';
import { CONFIDENCES, type Finding, SEVERITIES } from './finding.ts';

type Sortable = Pick<Finding, 'ruleId' | 'message' | 'span' | 'severity' | 'confidence'>;

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
