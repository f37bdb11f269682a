import type { BaselineEntry } from './baseline/apply.ts';
import { type ConfigLookup, configLookup } from './config/lookup.ts';
import type { Facts } from './facts-of.ts';
import { finishFindings } from './findings/finish.ts';
import { readSuppressions } from './findings/suppression.ts';
import { adapters } from './frameworks/index.ts';
import { createAdapters } from './frameworks/registry.ts';
import { watchBodies } from './link/kept/reads.ts';
import { createModel, type Model } from './link/model.ts';
import type { Project } from './link/project.ts';
import { carryOver, type Living } from './living.ts';
import type { ArtefactFacts } from './model/artefacts.ts';
import type { FileFacts } from './model/facts.ts';
import type { Confidence, Finding, Problem } from './model/finding.ts';
import { rules } from './rules/index.ts';
import type { AnyRule, FixDraft } from './rules/rule.ts';
import { type DraftFinding, type RunOptions, runRules } from './rules/run.ts';

/** The whole engine: texts → facts → model → findings. Pure; whoever calls it owns files, clocks and caches. */

const registry = createAdapters(adapters);

/** One object: an analysis that goes on from another one asks whether the settings are the same. */
const NO_CONFIG = configLookup(new Map());

export interface AnalysisInput {
  /** By workspace-relative POSIX path, in any order. */
  readonly facts: ReadonlyMap<string, Facts>;
  readonly textOf: (file: string) => string | undefined;
  /** Files whose text holds `underpin-ignore`; undefined: look into every file that has facts. */
  readonly markedFiles?: readonly string[];
  readonly config?: ConfigLookup;
  readonly allFiles?: boolean;
  readonly baseline?: readonly BaselineEntry[];
  readonly minConfidence?: Confidence;
  readonly rules?: readonly AnyRule[];
  readonly run?: RunOptions;
  /** The project before an edit; what did not change since is taken over, which changes no result. */
  readonly previous?: Project;
  /** The analysis to go on from, if these are the facts of the same workspace after edits; brought up to date. */
  readonly living?: Living;
}

export interface Analysis {
  readonly model: Model;
  /** Sorted by file and place; suppressed ones are included and marked. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly staleBaseline: readonly BaselineEntry[];
  /** Rule id → milliseconds, if a clock was given. */
  readonly timings: Readonly<Record<string, number>>;
  /** Phase → milliseconds, in the order they ran, if a clock was given. */
  readonly phases: Readonly<Record<string, number>>;
  /** What following untrusted values took; undefined if it failed, which the rules that need it tell. */
  readonly flows: Model['flows'] | undefined;
  /** The fixes behind a finding's offers, in the same order. */
  fixesOf(finding: Finding): readonly FixDraft[];
}

/** Links facts and runs rules over them. */
export function analyse(input: AnalysisInput): Analysis {
  const config = input.config ?? NO_CONFIG;
  const active = input.rules ?? rules;
  const now = input.run?.now;
  const phases: Record<string, number> = {};
  const phase = <T>(name: string, work: () => T): T => {
    const started = now?.() ?? 0;
    const result = work();
    if (now) phases[name] = now() - started;
    return result;
  };
  const model = phase('link', () =>
    linkFacts(input.facts, config, input.allFiles ?? false, input.previous, input.living, now),
  );
  // What nearly all rules share is worked out before them, so that none of them is charged for it.
  if (!input.rules) {
    phase('endpoints', () => model.ready());
    // Rules that need them meet the same error and say so; the others go on.
    phase('flows', () => attempt(() => model.flows) ?? model.program.cells.abandon());
    // An edit brings all parts of the model up to date at once.
    if (now) {
      phases.link! -= Math.max(model.flowTime - phases.flows!, 0);
      phases.flows = model.flowTime;
    }
  }
  const { drafts, problems, timings } = phase('rules', () => runRules(model, active, input.run));
  const files = input.markedFiles ?? [...input.facts.keys()];
  const { findings, staleBaseline } = finishFindings({
    drafts: drafts.map(toFindingDraft),
    suppressions: files.flatMap(file => readSuppressions(file, input.textOf(file) ?? '')),
    rules: new Map(
      rules.map(({ meta }) => [
        meta.id,
        { theme: meta.theme, benefits: meta.benefits, defaultOn: meta.defaultOn ?? true },
      ]),
    ),
    ranRules: new Set(active.map(rule => rule.meta.id).filter(id => !(input.run?.failed?.has(id) ?? false))),
    textOf: input.textOf,
    settingsOf: config.settingsOf,
    ...(input.baseline ? { baseline: input.baseline } : {}),
    ...(input.minConfidence ? { minConfidence: input.minConfidence } : {}),
  });
  const fixes = new Map(drafts.map(draft => [placeKey(draft.rule.meta.id, draft), draft.fixes]));
  return {
    model,
    findings,
    problems,
    staleBaseline,
    timings,
    phases,
    flows: attempt(() => model.flows),
    fixesOf: finding => fixes.get(placeKey(finding.ruleId, finding)) ?? [],
  };
}

/** Splits facts by kind and links them. */
export function linkFacts(
  facts: ReadonlyMap<string, Facts>,
  config: ConfigLookup,
  allFiles: boolean,
  previous?: Project,
  living?: Living,
  now?: () => number,
): Model {
  const settings = { allFiles, configOf: config.configOf, ...(now ? { now } : {}) };
  const carried = living && carryOver(living, facts, settings);
  if (living && carried?.model) {
    living.model = carried.model;
    return carried.model;
  }
  // What is linked anew must not find the last program still in memory.
  const last = living?.project ?? previous;
  if (living) living.model = undefined;
  const sources = new Map<string, FileFacts>();
  const artefacts = new Map<string, ArtefactFacts>();
  for (const [path, one] of inPathOrder(carried?.facts ?? facts)) {
    if (one.kind === 'source') sources.set(path, one);
    else artefacts.set(path, one);
  }
  if (living) for (const one of sources.values()) watchBodies(one);
  const model = createModel({ sources, artefacts }, registry, settings, last, living !== undefined);
  if (living) {
    living.model = model;
    living.project = model.project;
  }
  return model;
}

/** Of two files that serve the same route the first by path counts, whoever was read first. */
function inPathOrder(facts: ReadonlyMap<string, Facts>): Iterable<readonly [string, Facts]> {
  let last = '';
  for (const path of facts.keys()) {
    if (path < last) return [...facts].sort(([a], [b]) => (a < b ? -1 : 1));
    last = path;
  }
  return facts;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function toFindingDraft({ rule: { meta }, fixes, ...draft }: DraftFinding) {
  return {
    ...draft,
    // Spans of facts move with the next edit; a finding says where it was found.
    span: { ...draft.span },
    evidence: draft.evidence.map(one => ({ ...one, span: { ...one.span } })),
    ruleId: meta.id,
    theme: meta.theme,
    benefits: meta.benefits,
    cwe: meta.cwe,
    owasp: meta.owasp,
    fixes: fixes.map(({ title, kind }, position) => ({ id: `${meta.id}#${position}`, title, kind })),
  };
}

function placeKey(ruleId: string, { span, message }: Pick<Finding, 'span' | 'message'>): string {
  return `${ruleId} ${span.file} ${span.start} ${span.end} ${message}`;
}
