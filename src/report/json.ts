import type { Finding } from '../engine/model/finding.ts';
import type { Span } from '../engine/model/span.ts';
import { countBySeverity, openFindings, type PlaceFinder, type ReportInput } from './input.ts';

/** Raised when a key changes its meaning or goes away; new keys may come at any time. */
export const JSON_REPORT_VERSION = 1;

/** For programs. Times and cache counts differ from run to run, so they are left out unless asked for. */
export function renderJson(input: ReportInput, { timing = false }: { readonly timing?: boolean } = {}): string {
  const open = openFindings(input);
  const { files, lines, bytes, cachedFiles, phases, rules, cutFlows, functions } = input.stats;
  const report = {
    version: JSON_REPORT_VERSION,
    tool: { name: 'Underpin', version: input.version },
    summary: {
      ...Object.fromEntries(countBySeverity(open)),
      open: open.length,
      suppressed: input.findings.length - open.length,
    },
    findings: input.findings.map(finding => toJson(finding, input.placeOf)),
    problems: input.problems,
    stats: { files, lines, bytes, ...(timing ? { cachedFiles, phases, rules, cutFlows, functions } : {}) },
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function toJson({ span, evidence, suppression, ...finding }: Finding, placeOf: PlaceFinder): object {
  return {
    fingerprint: finding.fingerprint,
    ruleId: finding.ruleId,
    severity: finding.severity,
    confidence: finding.confidence,
    theme: finding.theme,
    benefits: finding.benefits,
    cwe: finding.cwe,
    owasp: finding.owasp,
    message: finding.message,
    location: location(span, placeOf),
    evidence: evidence.map(step => ({ message: step.message, location: location(step.span, placeOf) })),
    fixes: finding.fixes,
    ...(suppression ? { suppression: suppressionJson(suppression, placeOf) } : {}),
  };
}

function suppressionJson({ kind, reason, span }: NonNullable<Finding['suppression']>, placeOf: PlaceFinder): object {
  return { kind, ...(reason === undefined ? {} : { reason }), ...(span ? { location: location(span, placeOf) } : {}) };
}

/** Lines and columns from one, offsets from zero, all in UTF-16 units; the end is exclusive. */
export function location(span: Span, placeOf: PlaceFinder): object {
  const { line, column, endLine, endColumn } = placeOf(span);
  return {
    file: span.file,
    start: { line, column, offset: span.start },
    end: { line: endLine, column: endColumn, offset: span.end },
  };
}
