import { applyBaseline, type BaselineEntry } from '../baseline/apply.ts';
import type { FileSettings } from '../config/lookup.ts';
import { CONFIDENCES, type Confidence, type Finding } from '../model/finding.ts';
import { dedupe } from './dedupe.ts';
import type { FindingDraft, RuleTag } from './draft.ts';
import { withFingerprints } from './fingerprint.ts';
import { HYGIENE_RULES } from './hygiene.ts';
import { suppress } from './suppress.ts';
import type { SuppressionComment } from './suppression.ts';

export interface FinishInput {
  /** What the rules reported, with their own severity and confidence. */
  readonly drafts: readonly FindingDraft[];
  /** Ignore comments of every file, also of files without findings. */
  readonly suppressions: readonly SuppressionComment[];
  /** Every rule there is, also those that are off. */
  readonly rules: ReadonlyMap<string, RuleTag & { readonly defaultOn: boolean }>;
  /** Rules that ran to their end; without it all did. Comments for the others are not called unused. */
  readonly ranRules?: ReadonlySet<string>;
  readonly textOf: (file: string) => string | undefined;
  readonly settingsOf: (file: string) => FileSettings;
  readonly baseline?: readonly BaselineEntry[];
  /** Overrides what the configuration files say. */
  readonly minConfidence?: Confidence;
}

export interface FinishResult {
  /** Sorted; suppressed ones are included and marked. */
  readonly findings: readonly Finding[];
  readonly staleBaseline: readonly BaselineEntry[];
}

/**
 * The way from drafts to findings: settings, doubles, ignore comments, fingerprints, baseline, confidence. Fingerprints
 * are given before anything is left out for its confidence, so that they do not depend on that threshold.
 */
export function finishFindings(input: FinishInput): FinishResult {
  const { settingsOf, textOf, minConfidence } = input;
  const rules = new Map<string, RuleTag & { readonly defaultOn: boolean }>(input.rules);
  for (const rule of HYGIENE_RULES) rules.set(rule.id, { ...rule, defaultOn: true });
  const isActive = (ruleId: string, file: string): boolean =>
    settingsOf(file).rule(ruleId).enabled ?? rules.get(ruleId)?.defaultOn ?? true;

  const { drafts, hygiene } = suppress(dedupe(withSettings(input.drafts)), input.suppressions, {
    rules,
    isActive: (ruleId, file) => (input.ranRules?.has(ruleId) ?? true) && isActive(ruleId, file),
  });
  const named = withFingerprints([...drafts, ...withSettings(hygiene)], textOf);
  const { findings, stale } = applyBaseline(named, input.baseline ?? []);
  return {
    findings: findings.filter(({ confidence, span }) => {
      if (!settingsOf(span.file).reported) return false;
      const least = minConfidence ?? settingsOf(span.file).minConfidence;
      return CONFIDENCES.indexOf(confidence) <= CONFIDENCES.indexOf(least);
    }),
    staleBaseline: stale,
  };

  function withSettings(list: readonly FindingDraft[]): FindingDraft[] {
    return list.flatMap(draft => {
      if (!isActive(draft.ruleId, draft.span.file)) return [];
      const { severity, confidence } = settingsOf(draft.span.file).rule(draft.ruleId);
      return [{ ...draft, ...(severity ? { severity } : {}), ...(confidence ? { confidence } : {}) }];
    });
  }
}
