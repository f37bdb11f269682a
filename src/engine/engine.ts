import { artefactKind, readArtefact } from './artefacts/index.ts';
import type { BaselineEntry } from './baseline/apply.ts';
import { type ConfigLookup, configLookup } from './config/lookup.ts';
import { extract } from './facts/extract.ts';
import { finishFindings } from './findings/finish.ts';
import { readSuppressions } from './findings/suppression.ts';
import { adapters } from './frameworks/index.ts';
import { createAdapters } from './frameworks/registry.ts';
import { createModel, type Model } from './link/model.ts';
import type { Project } from './link/project.ts';
import type { ArtefactFacts } from './model/artefacts.ts';
import type { FileFacts } from './model/facts.ts';
import type { Confidence, Finding, Problem } from './model/finding.ts';
import { rules } from './rules/index.ts';
import type { AnyRule, FixDraft } from './rules/rule.ts';
import { type DraftFinding, type RunOptions, runRules } from './rules/run.ts';
import { isSourcePath } from './syntax/parse.ts';

/** The whole engine: texts → facts → model → findings. Pure; whoever calls it owns files, clocks and caches. */

export type Facts = FileFacts | ArtefactFacts;

const registry = createAdapters(adapters);

/** Facts of one file, or undefined if no reader claims it. Depends on nothing but its arguments. */
export function factsOf(path: string, text: string): Facts | undefined {
  if (isSourcePath(path)) return extract(path, text);
  return artefactKind(path, text) ? readArtefact(path, text) : undefined;
}

export interface AnalysisInput {
  /** By workspace-relative POSIX path, sorted. */
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
}

export interface Analysis {
  readonly model: Model;
  /** Sorted by file and place; suppressed ones are included and marked. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly staleBaseline: readonly BaselineEntry[];
  /** Rule id → milliseconds, if a clock was given. */
  readonly timings: Readonly<Record<string, number>>;
  /** The fixes behind a finding's offers, in the same order. */
  fixesOf(finding: Finding): readonly FixDraft[];
}

/** Links facts and runs rules over them. */
export function analyse(input: AnalysisInput): Analysis {
  const config = input.config ?? configLookup(new Map());
  const model = linkFacts(input.facts, config, input.allFiles ?? false, input.previous);
  const active = input.rules ?? rules;
  const { drafts, problems, timings } = runRules(model, active, input.run);
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
    fixesOf: finding => fixes.get(placeKey(finding.ruleId, finding)) ?? [],
  };
}

/** Splits facts by kind and links them. */
export function linkFacts(
  facts: ReadonlyMap<string, Facts>,
  config: ConfigLookup,
  allFiles: boolean,
  previous?: Project,
): Model {
  const sources = new Map<string, FileFacts>();
  const artefacts = new Map<string, ArtefactFacts>();
  for (const [path, one] of facts) {
    if (one.kind === 'source') sources.set(path, one);
    else artefacts.set(path, one);
  }
  return createModel({ sources, artefacts }, registry, { allFiles, configOf: config.configOf }, previous);
}

function toFindingDraft({ rule: { meta }, fixes, ...draft }: DraftFinding) {
  return {
    ...draft,
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
