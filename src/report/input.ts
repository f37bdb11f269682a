import { type LineIndex, lineIndex } from '../common/line-index.ts';
import { type Finding, type Problem, SEVERITIES, type Severity } from '../engine/model/finding.ts';
import type { Span } from '../engine/model/span.ts';
import type { RuleInfo, ScanStats } from '../session/api.ts';

/** Everything a report is made of; the same input gives the same bytes. */
export interface ReportInput {
  /** Version of Underpin. */
  readonly version: string;
  /** Sorted by place; suppressed ones are included and marked. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly stats: ScanStats;
  readonly rules: readonly RuleInfo[];
  readonly placeOf: PlaceFinder;
}

/** Lines and columns count from one, columns in UTF-16 units; the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type PlaceFinder = (span: Span) => Place;

/** A file whose text is gone is shown at its first character. */
export function placeFinder(textOf: (file: string) => string | undefined): PlaceFinder {
  const known = new Map<string, LineIndex>();
  return ({ file, start, end }) => {
    let lines = known.get(file);
    if (!lines) {
      lines = lineIndex(textOf(file) ?? '');
      known.set(file, lines);
    }
    const from = lines.positionAt(start);
    const to = lines.positionAt(end);
    return { line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
  };
}

/** Files whose text is needed to place what the findings point at. */
export function filesOf(findings: readonly Finding[]): string[] {
  const files = new Set<string>();
  for (const { span, evidence, suppression } of findings) {
    files.add(span.file);
    for (const step of evidence) files.add(step.span.file);
    if (suppression?.span) files.add(suppression.span.file);
  }
  return [...files].sort();
}

export function openFindings({ findings }: Pick<ReportInput, 'findings'>): Finding[] {
  return findings.filter(finding => !finding.suppression);
}

/** How many findings of each severity, worst first. */
export function countBySeverity(findings: readonly Finding[]): (readonly [Severity, number])[] {
  return SEVERITIES.map(
    severity => [severity, findings.filter(finding => finding.severity === severity).length] as const,
  );
}
