import { type Evidence, type Finding, SEVERITIES } from '../engine/model/finding.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { RouteInfo, RouteStep, TrendInfo } from '../session/api.ts';
import type { Folder } from './folder.ts';
import type { FindingView, LabelledEvidence, PlacedEvidence, RouteView, StepView, TrendView } from './protocol.ts';

/** Findings a trend shows before it refers to the Findings view. */
const SHOWN_FINDINGS = 5;

/** Session data with offsets, as views with URIs and positions. */

export async function toFindingView(
  folder: Folder,
  finding: Finding,
  { knowledge, changed }: { knowledge: Knowledge; changed: boolean },
): Promise<FindingView> {
  return {
    folder: folder.uri,
    fingerprint: finding.fingerprint,
    ...(await folder.place(finding.span)),
    ruleId: finding.ruleId,
    message: finding.message,
    severity: finding.severity,
    confidence: finding.confidence,
    theme: finding.theme,
    themeTitle: knowledge.theme(finding.theme)?.title ?? finding.theme,
    benefits: finding.benefits,
    cwe: finding.cwe,
    owasp: finding.owasp,
    file: finding.span.file,
    evidence: await Promise.all(finding.evidence.map(each => placed(folder, each))),
    fixes: finding.fixes,
    changed,
  };
}

export async function toRouteView(
  folder: Folder,
  route: RouteInfo,
  changed: ReadonlySet<string> | undefined,
): Promise<RouteView> {
  return {
    folder: folder.uri,
    id: route.id,
    method: route.method,
    path: route.path,
    framework: route.framework,
    unit: route.unit,
    file: route.span.file,
    ...(await folder.place(route.span)),
    ...(route.handler ? { handler: await folder.place(route.handler) } : {}),
    verdicts: route.verdicts,
    input: route.input,
    roles: route.roles,
    steps: await Promise.all(route.steps.map(step => toStepView(folder, step))),
    queries: await Promise.all(route.queries.map(({ span, what }) => placed(folder, { span, message: what }))),
    calls: await Promise.all(route.calls.map(({ span, what }) => placed(folder, { span, message: what }))),
    changed: [
      route.span,
      route.handler,
      ...route.steps.flatMap(({ span, evidence }) => [span, ...evidence.map(each => each.span)]),
    ].some(span => span !== undefined && (changed?.has(span.file) ?? false)),
    ...(route.isPublic ? { isPublic: route.isPublic } : {}),
    ...(route.partial ? { partial: route.partial } : {}),
  };
}

async function toStepView(folder: Folder, { span, evidence, ...step }: RouteStep): Promise<StepView> {
  return {
    ...step,
    ...(await folder.place(span)),
    evidence: await Promise.all(evidence.map(each => placed(folder, each))),
  };
}

export async function toTrendView(
  folder: Folder,
  trend: TrendInfo,
  findings: ReadonlyMap<string, FindingView>,
): Promise<TrendView> {
  const open = trend.findings
    .flatMap(fingerprint => findings.get(fingerprint) ?? [])
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return {
    folder: folder.uri,
    id: trend.id,
    kind: trend.kind,
    title: trend.title,
    summary: trend.summary,
    status: trend.status,
    score: trend.score,
    why: trend.why,
    evidenceFor: await Promise.all(trend.evidenceFor.map(each => labelled(folder, each))),
    evidenceAgainst: (await Promise.all(trend.evidenceAgainst.map(each => labelled(folder, each)))).filter(
      ({ uri, message }) => !open.some(finding => finding.uri === uri && finding.message === message),
    ),
    open: open.length,
    findings: open.slice(0, SHOWN_FINDINGS),
    nextSteps: trend.nextSteps,
  };
}

async function placed(folder: Folder, { span, message }: Evidence): Promise<PlacedEvidence> {
  return { ...(await folder.place(span)), message };
}

async function labelled(folder: Folder, evidence: Evidence): Promise<LabelledEvidence> {
  const where = await placed(folder, evidence);
  return { ...where, label: `${evidence.span.file}:${where.range.start.line + 1}` };
}
