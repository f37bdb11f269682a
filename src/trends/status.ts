import type { Model } from '../engine/link/model.ts';
import type { Evidence, Finding } from '../engine/model/finding.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { BenefitPage, Step, TrendPage } from '../knowledge/types.ts';
import type { NextStep, TrendInfo, TrendStatus } from '../session/api.ts';
import { createEvidence } from './evidence.ts';

/** Places listed against a theme, and steps offered next. */
const MOST_AGAINST = 5;
const NEXT_STEPS = 3;

/**
 * What makes a theme a question for this project at all; without any of it the theme is not applicable and nothing is
 * demanded. Microservices, serverless, edge, GraphQL and low-code are choices, never duties.
 */
const TRIGGERS: Readonly<Record<string, readonly Parameters<ReturnType<typeof createEvidence>>[0][]>> = {
  microservices: ['service-units', 'outbound-service-call', 'message-broker'],
  serverless: ['function-handlers'],
  edge: ['edge-target'],
  'ai-automation': ['llm-client', 'ci-workflow', 'dependency-updates'],
  graphql: ['graphql-schema', 'resolvers'],
  'low-code': ['supabase', 'hasura', 'firebase', 'workflow-export', 'rls-policies'],
  containers: ['dockerfile', 'kubernetes'],
};
/** Their rules speak of any backend too, so a finding alone is no use of them. */
const NEED_A_TRIGGER = new Set(['microservices', 'serverless']);
/** Evidence that only an orchestrator's manifests can show. */
const OF_KUBERNETES = new Set<string>(['probes', 'resources']);
const SEVERITIES = ['error', 'warning', 'info', 'hint'];

/** The state of the ten trends and five benefits, computed from the model and the open findings. */
export function trendStatus(model: Model, findings: readonly Finding[], knowledge: Knowledge): TrendInfo[] {
  const evidence = createEvidence(model);
  const open = findings.filter(finding => !finding.suppression);
  const isBackend =
    model.endpoints.length > 0 ||
    model.operations('listen', 'db', 'sql', 'db-client').length > 0 ||
    evidence('function-handlers').length > 0 ||
    evidence('edge-target').length > 0;
  const pages = knowledge.pages.filter(page => page.kind === 'trend' || page.kind === 'benefit');
  const isDone = (id: Parameters<typeof evidence>[0]): boolean =>
    evidence(id).length > 0 || (OF_KUBERNETES.has(id) && evidence('kubernetes').length === 0);
  return pages.map(page => {
    const related = open.filter(finding => page.signals.includes(finding.ruleId) || finding.theme === page.id);
    const found = page.positive.map(id => ({ id, places: evidence(id) })).filter(({ places }) => places.length > 0);
    const triggers = TRIGGERS[page.id];
    const applies =
      page.kind === 'trend' && triggers
        ? triggers.some(id => evidence(id).length > 0) ||
          (!NEED_A_TRIGGER.has(page.id) && related.some(({ theme }) => theme === page.id))
        : isBackend;
    // A slow query in a REST service is a signal of the GraphQL page too, but no reason to speak of GraphQL.
    const own = applies ? [...related].sort((a, b) => rank(a) - rank(b)) : [];
    const severe = own.filter(({ severity }) => severity === 'error' || severity === 'warning').length;
    const score = applies ? scoreOf(found.length, page.positive.length, severe) : 0;
    const status = statusOf(applies, found.length, score);
    return {
      id: page.id,
      kind: page.kind,
      title: page.title,
      summary: page.summary,
      status,
      score,
      why: whyOf(status, found.length, page.positive.length, own.length),
      evidenceFor: applies ? found.flatMap(({ places }) => places.slice(0, 2)) : [],
      evidenceAgainst: own.slice(0, MOST_AGAINST).map(toEvidence),
      findings: own.map(({ fingerprint }) => fingerprint),
      nextSteps: applies ? nextSteps(page, own, isDone, model, knowledge) : [],
    };
  });
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

/** Half for what is there, half for what is not wrong; every open error or warning costs a tenth of the second half. */
function scoreOf(found: number, looked: number, severe: number): number {
  const there = looked === 0 ? 1 : found / looked;
  const clean = Math.max(0, 1 - severe / 10);
  return Math.round(50 * there + (found === 0 ? 0 : 50 * clean));
}

function statusOf(applies: boolean, found: number, score: number): TrendStatus {
  if (!applies) return 'not-applicable';
  if (found === 0) return 'absent';
  return score >= 75 ? 'established' : 'started';
}

function whyOf(status: TrendStatus, found: number, looked: number, open: number): string {
  if (status === 'not-applicable') return 'Nothing in this workspace calls for it, so nothing is demanded.';
  const seen = `${found} of ${looked} signs found`;
  return open === 0 ? `${seen}, no open finding.` : `${seen}, ${open} open finding${open === 1 ? '' : 's'}.`;
}

function toEvidence({ span, message }: Finding): Evidence {
  return { span, message };
}

/** The first steps that are not done: a finding to fix, a recipe to follow, or the page to read. */
function nextSteps(
  page: TrendPage | BenefitPage,
  own: readonly Finding[],
  has: (id: NonNullable<Step['evidence']>[number]) => boolean,
  model: Model,
  knowledge: Knowledge,
): NextStep[] {
  const frameworks = [...new Set(model.endpoints.map(endpoint => endpoint.framework))];
  const out: NextStep[] = [];
  for (const step of page.steps) {
    if (out.length === NEXT_STEPS) break;
    const finding = step.rule === undefined ? undefined : own.find(one => one.ruleId === step.rule);
    const isMissing = step.evidence?.some(id => !has(id)) ?? false;
    if (!finding && !isMissing) continue;
    const recipe =
      step.recipe &&
      frameworks.map(framework => knowledge.recipe(step.recipe!, framework)).find(one => one !== undefined);
    const action: NextStep['action'] = finding
      ? { kind: 'finding', fingerprint: finding.fingerprint }
      : recipe
        ? { kind: 'recipe', recipe: recipe.key }
        : { kind: 'page', page: page.key };
    out.push({ title: step.title, action });
  }
  return out;
}
