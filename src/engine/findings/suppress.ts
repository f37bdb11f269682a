import type { FindingDraft, RuleTag } from './draft.ts';
import { hygieneDraft } from './hygiene.ts';
import type { SuppressionComment } from './suppression.ts';

export interface SuppressOptions {
  /** Every rule there is, also those that are off. */
  readonly rules: ReadonlyMap<string, RuleTag>;
  /** False if the rule did not run on the file: then its comments are not called unused. */
  readonly isActive: (ruleId: string, file: string) => boolean;
}

/** Marks the drafts that a comment speaks for, and reports comments that are unused, without reason or misspelt. */
export function suppress(
  drafts: readonly FindingDraft[],
  comments: readonly SuppressionComment[],
  { rules, isActive }: SuppressOptions,
): { drafts: FindingDraft[]; hygiene: FindingDraft[] } {
  const used = new Set<SuppressionComment['rules'][number]>();
  const byFile = new Map<string, SuppressionComment[]>();
  for (const comment of comments) {
    const known = byFile.get(comment.span.file);
    if (known) known.push(comment);
    else byFile.set(comment.span.file, [comment]);
  }

  const marked = drafts.map(draft => {
    let result = draft;
    for (const comment of byFile.get(draft.span.file) ?? []) {
      if (!speaksFor(comment, draft)) continue;
      for (const rule of comment.rules) {
        if (rule.id !== draft.ruleId) continue;
        used.add(rule);
        const { reason, span } = comment;
        result = { ...draft, suppression: { kind: 'comment', ...(reason === undefined ? {} : { reason }), span } };
      }
    }
    return result;
  });

  const hygiene = comments.flatMap(comment => {
    const found: FindingDraft[] = [];
    if (comment.rules.length === 0) {
      found.push(
        hygieneDraft(
          'underpin/unknown-suppressed-rule',
          comment,
          undefined,
          'This comment names no rule to ignore.',
          undefined,
        ),
      );
    }
    for (const rule of comment.rules) {
      const tag = rules.get(rule.id);
      if (!tag) {
        const message = `There is no rule ${rule.id}, so this comment ignores nothing.`;
        found.push(hygieneDraft('underpin/unknown-suppressed-rule', comment, rule, message, undefined));
      } else if (!used.has(rule) && isActive(rule.id, comment.span.file)) {
        const message = `Nothing here is reported by ${rule.id}; the comment can go.`;
        found.push(hygieneDraft('underpin/unused-suppression', comment, rule, message, tag));
      } else if (comment.reason === undefined && used.has(rule)) {
        const message = `${rule.id} is ignored without a reason; add one after \`--\`.`;
        found.push(hygieneDraft('underpin/suppression-without-reason', comment, rule, message, tag));
      }
    }
    return found;
  });

  return { drafts: marked, hygiene };
}

/** A span may begin before or end behind a formatter's line break, so either end on the target's lines counts. */
function speaksFor({ target }: SuppressionComment, { span }: FindingDraft): boolean {
  if (!target) return false;
  const isIn = (offset: number): boolean => offset >= target.start && offset <= target.end;
  return isIn(span.start) || isIn(Math.max(span.start, span.end - 1));
}
