import type { Analysis } from '../engine/engine.ts';
import { type Facts, factsOf } from '../engine/facts-of.ts';
import { examine, overlay } from '../engine/fixes/exam.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import type { FixDraft } from '../engine/rules/rule.ts';
import type { VerifiedFix } from './api.ts';

export interface ExamInput {
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, Facts>;
  readonly textOf: (file: string) => string | undefined;
  /** Analyses other facts with everything else unchanged. */
  readonly analyseAgain: (
    facts: ReadonlyMap<string, Facts>,
    textOf: (file: string) => string | undefined,
    changed: readonly string[],
  ) => Analysis;
}

/** What is wrong with a change, in sentences; empty if it parses, removes its findings and adds none. */
export function exam(input: ExamInput, change: Change, targets: readonly Finding[]): string[] {
  const laid = overlay(change, input.textOf);
  if (!laid) return ['The change does not fit the current text.'];
  const facts = new Map(input.facts);
  const broken: string[] = [];
  for (const [file, text] of laid.files) {
    const own = factsOf(file, text);
    if (own) facts.set(file, own);
    if (isBroken(own) && !isBroken(input.facts.get(file))) broken.push(file);
  }
  const sorted = new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const textOf = (file: string): string | undefined => laid.files.get(file) ?? input.textOf(file);
  const after = input.analyseAgain(sorted, textOf, [...laid.files.keys()]);
  return examine(targets, input.analysis.findings, after.findings, broken);
}

/** The fixes of one finding that pass the exam. */
export function verifiedFixes(input: ExamInput, finding: Finding): VerifiedFix[] {
  const out: VerifiedFix[] = [];
  for (const [position, draft] of input.analysis.fixesOf(finding).entries()) {
    const change = changeOf(input, draft);
    const offer = finding.fixes[position];
    if (change && offer && exam(input, change, [finding]).length === 0) out.push({ ...offer, change });
  }
  return out;
}

/** One change for many findings: their `auto` fixes without overlaps, examined as a whole. */
export function verifiedFixAll(
  input: ExamInput,
  ruleId: string,
  findings: readonly Finding[],
): VerifiedFix | undefined {
  const parts = findings.flatMap(finding => {
    const drafts = input.analysis.fixesOf(finding).filter(draft => draft.kind === 'auto');
    const change = drafts.map(draft => changeOf(input, draft)).find(one => one !== undefined);
    return change ? [{ finding, change }] : [];
  });
  const kept = withoutOverlaps(parts);
  if (kept.length === 0) return undefined;
  const change: Change = {
    edits: kept.flatMap(part => part.change.edits),
    newFiles: kept.flatMap(part => part.change.newFiles),
  };
  const targets = kept.map(part => part.finding);
  if (exam(input, change, targets).length > 0) return undefined;
  const count = `${kept.length} finding${kept.length === 1 ? '' : 's'}`;
  return { id: `${ruleId}#all`, title: `Fix ${count} of ${ruleId}`, kind: 'auto', change };
}

function changeOf({ analysis, textOf }: ExamInput, draft: FixDraft): Change | undefined {
  const change = draft.change({ model: analysis.model, text: textOf });
  return change && (change.edits.length > 0 || change.newFiles.length > 0) ? change : undefined;
}

function isBroken(facts: Facts | undefined): boolean {
  if (!facts) return false;
  return facts.kind === 'source' ? facts.broken !== undefined : facts.problems.length > 0;
}

/** Drops changes that touch a range an earlier one touches, or create a file an earlier one creates. */
function withoutOverlaps<T extends { readonly change: Change }>(parts: readonly T[]): T[] {
  const taken: Change['edits'][number]['span'][] = [];
  const created = new Set<string>();
  return parts.filter(({ change }) => {
    const clash =
      change.newFiles.some(one => created.has(one.file)) ||
      change.edits.some(({ span }) =>
        taken.some(other => other.file === span.file && span.start <= other.end && other.start <= span.end),
      );
    if (clash) return false;
    for (const { span } of change.edits) taken.push(span);
    for (const one of change.newFiles) created.add(one.file);
    return true;
  });
}
