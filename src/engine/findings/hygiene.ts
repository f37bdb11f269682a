import type { Finding } from '../model/finding.ts';
import type { FindingDraft, RuleTag } from './draft.ts';
import type { SuppressionComment } from './suppression.ts';

interface HygieneRule extends RuleTag {
  readonly id: string;
  readonly title: string;
  readonly severity: Finding['severity'];
}

const TAG = { theme: 'security', benefits: ['security'], severity: 'info' } as const;

/** Rules of the findings layer about ignore comments themselves; they have no model rule and cannot be ignored by one. */
export const HYGIENE_RULES = [
  { id: 'underpin/unused-suppression', title: 'An ignore comment that hides nothing', ...TAG },
  { id: 'underpin/suppression-without-reason', title: 'An ignore comment that does not say why', ...TAG },
  { id: 'underpin/unknown-suppressed-rule', title: 'An ignore comment that names no known rule', ...TAG },
] as const satisfies readonly HygieneRule[];

export type HygieneRuleId = (typeof HYGIENE_RULES)[number]['id'];

/** A finding about an ignore comment; it belongs to the theme of the rule that the comment names. */
export function hygieneDraft(
  ruleId: HygieneRuleId,
  comment: SuppressionComment,
  place: { readonly id: string; readonly start: number; readonly end: number } | undefined,
  message: string,
  tag: RuleTag | undefined,
): FindingDraft {
  return {
    ruleId,
    message,
    severity: TAG.severity,
    confidence: 'high',
    theme: tag?.theme ?? TAG.theme,
    benefits: tag?.benefits ?? TAG.benefits,
    cwe: [],
    owasp: [],
    span: { file: comment.span.file, start: place?.start ?? comment.span.start, end: place?.end ?? comment.span.end },
    evidence: [],
    fixes: [],
    anchor: place?.id ?? '',
  };
}
