import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { fnv1a64 } from '../common/hash.ts';
import { CONFIDENCES, type Finding, SEVERITIES } from '../engine/model/finding.ts';
import type { RuleInfo, ScanReport } from '../session/api.ts';
import type { Folder } from './folder.ts';
import { type EditorScope, scopeOf } from './scope.ts';
import type { ServerSettings } from './settings.ts';
import { toUri } from './uris.ts';

/** The diagnostics of one file and an id that changes exactly when they do. */
export interface FileDiagnostics {
  readonly items: readonly Diagnostic[];
  readonly resultId: string;
}

export const NO_DIAGNOSTICS: FileDiagnostics = { items: [], resultId: 'none' };

/** What a diagnostic carries through the client, to find its finding again. */
export interface DiagnosticData {
  readonly folder: string;
  readonly fingerprint: string;
}

const SEVERITY: Readonly<Record<Finding['severity'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

interface Known {
  readonly report: ScanReport;
  readonly settings: ServerSettings;
  readonly scope: EditorScope;
  readonly files: ReadonlyMap<string, FileDiagnostics>;
}

const known = new WeakMap<Folder, Known>();

/** Diagnostics by document URI, of every file of the folder that has any. */
export async function diagnosticsOf(
  folder: Folder,
  findings: (folder: Folder) => Promise<readonly Finding[]>,
): Promise<ReadonlyMap<string, FileDiagnostics>> {
  const report = await folder.report();
  const { settings } = folder;
  const scope = await scopeOf(folder);
  const before = known.get(folder);
  if (before?.report === report && before.settings === settings && before.scope === scope) return before.files;

  const rules = new Map(folder.session.rules().map(rule => [rule.id, rule]));
  const files = new Map<string, FileDiagnostics>();
  for (const [file, list] of group(shown(await findings(folder), settings))) {
    const items = await Promise.all(list.map(finding => toDiagnostic(finding, folder, rules.get(finding.ruleId))));
    files.set(toUri(folder.uri, file), { items, resultId: fnv1a64(JSON.stringify(items)) });
  }
  known.set(folder, { report, settings, scope, files });
  return files;
}

/** The findings worth a squiggle: sure enough, severe enough, and not more of one rule in a file than anyone reads. */
export function shown(findings: readonly Finding[], settings: ServerSettings): readonly Finding[] {
  if (!settings.enable) return [];
  const counts = new Map<string, number>();
  return findings.filter(finding => {
    if (!reaches(finding, settings)) return false;
    const key = `${finding.ruleId}\n${finding.span.file}`;
    const seen = (counts.get(key) ?? 0) + 1;
    counts.set(key, seen);
    return settings.maximumPerRule === 0 || seen <= settings.maximumPerRule;
  });
}

/** True if the finding is as severe and as sure as the settings ask for. */
export function reaches(finding: Finding, { minimumSeverity, minimumConfidence }: ServerSettings): boolean {
  return (
    SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(minimumSeverity) &&
    CONFIDENCES.indexOf(finding.confidence) <= CONFIDENCES.indexOf(minimumConfidence)
  );
}

async function toDiagnostic(finding: Finding, folder: Folder, rule: RuleInfo | undefined): Promise<Diagnostic> {
  const { range } = await folder.place(finding.span);
  const relatedInformation = await Promise.all(
    finding.evidence.map(async ({ span, message }) => ({ location: await folder.place(span), message })),
  );
  const data: DiagnosticData = { folder: folder.uri, fingerprint: finding.fingerprint };
  return {
    range,
    message: finding.message,
    severity: SEVERITY[finding.severity],
    source: 'underpin',
    code: finding.ruleId,
    ...(rule && URL.canParse(rule.docs) ? { codeDescription: { href: rule.docs } } : {}),
    relatedInformation,
    ...(/deprecated|end-of-life/.test(finding.ruleId) ? { tags: [DiagnosticTag.Deprecated] } : {}),
    data,
  };
}

function group(findings: readonly Finding[]): Map<string, Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = files.get(finding.span.file);
    if (list) list.push(finding);
    else files.set(finding.span.file, [finding]);
  }
  return files;
}
