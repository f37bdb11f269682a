import type { CodeFlow, Location, Log, Notification, Result } from 'sarif';
import type { Finding, Problem } from '../engine/model/finding.ts';
import { compareBySeverity } from '../engine/model/order.ts';
import type { Span } from '../engine/model/span.ts';
import type { PlaceFinder, ReportInput } from './input.ts';
import { sarifLevel, sarifRule } from './sarif-rules.ts';
import { count } from './words.ts';

// What GitHub keeps of an upload: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
const MOST_RESULTS = 5000;
const MOST_LOCATIONS = 100;
const MOST_STEPS = 1000;
const SOURCE_ROOT = '%SRCROOT%';

/** SARIF 2.1.0 within the limits of GitHub code scanning; what does not fit is counted in a notification. */
export function renderSarif(input: ReportInput): string {
  const sorted = [...input.findings].sort(
    (left, right) =>
      Number(Boolean(left.suppression)) - Number(Boolean(right.suppression)) || compareBySeverity(left, right),
  );
  const kept = sorted.slice(0, MOST_RESULTS);
  const ruleIds = [...new Set(kept.map(finding => finding.ruleId))].sort();
  const isConfig = (problem: Problem): boolean => problem.code === 'invalid-config';

  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Underpin',
            semanticVersion: input.version,
            rules: ruleIds.map(id => sarifRule(id, input.rules, kept)),
          },
        },
        automationDetails: { id: 'underpin/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: 'The folder that was scanned.' } } },
        invocations: [
          {
            executionSuccessful: !input.problems.some(problem => problem.incomplete),
            toolExecutionNotifications: [
              ...(sorted.length > kept.length ? [truncated(sorted.length - kept.length)] : []),
              ...input.problems.filter(problem => !isConfig(problem)).map(toNotification),
            ],
            toolConfigurationNotifications: input.problems.filter(isConfig).map(toNotification),
          },
        ],
        results: kept.map(finding => toResult(finding, ruleIds.indexOf(finding.ruleId), input.placeOf)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function toResult(finding: Finding, ruleIndex: number, placeOf: PlaceFinder): Result {
  const { evidence, suppression } = finding;
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: sarifLevel(finding.severity),
    message: { text: finding.message },
    locations: [toLocation(finding.span, placeOf)],
    partialFingerprints: { 'underpin/v1': finding.fingerprint },
    ...(evidence.length > 0
      ? {
          codeFlows: [toCodeFlow(finding, placeOf)],
          relatedLocations: evidence
            .slice(0, MOST_LOCATIONS)
            .map((step, id) => ({ id, ...toLocation(step.span, placeOf), message: { text: step.message } })),
        }
      : {}),
    ...(suppression
      ? {
          suppressions: [
            {
              kind: suppression.kind === 'comment' ? 'inSource' : 'external',
              status: 'accepted',
              justification:
                suppression.reason ??
                (suppression.kind === 'comment' ? 'No reason given.' : 'Accepted in the baseline file.'),
              ...(suppression.span ? { location: toLocation(suppression.span, placeOf) } : {}),
            },
          ],
        }
      : {}),
    properties: { confidence: finding.confidence, theme: finding.theme, owasp: [...finding.owasp] },
  };
}

/** The proof in reading order; it ends at the finding itself. */
function toCodeFlow({ evidence, span, message }: Finding, placeOf: PlaceFinder): CodeFlow {
  const last = evidence.at(-1)?.span;
  const endsThere = last?.file === span.file && last.start === span.start && last.end === span.end;
  const steps = [...evidence.slice(0, MOST_STEPS - 1), ...(endsThere ? [] : [{ span, message }])];
  return {
    threadFlows: [
      {
        locations: steps.map(step => ({
          location: { ...toLocation(step.span, placeOf), message: { text: step.message } },
        })),
      },
    ],
  };
}

function toLocation(span: Span, placeOf: PlaceFinder): Location {
  const { line, column, endLine, endColumn } = placeOf(span);
  return {
    physicalLocation: {
      artifactLocation: toArtifact(span.file),
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

function toArtifact(file: string): { uri: string; uriBaseId: string } {
  // Half a surrogate pair, which Windows allows in names, has no percent encoding.
  const path = file.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\\', '/');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: SOURCE_ROOT };
}

function toNotification({ code, message, file, incomplete }: Problem): Notification {
  return {
    descriptor: { id: code },
    level: incomplete ? 'error' : 'warning',
    message: { text: message },
    ...(file === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: toArtifact(file) } }] }),
  };
}

function truncated(left: number): Notification {
  const text = `${count(left, 'result')} of the lowest severity left out, since code scanning shows at most ${MOST_RESULTS}.`;
  return { descriptor: { id: 'results-truncated' }, level: 'warning', message: { text } };
}
