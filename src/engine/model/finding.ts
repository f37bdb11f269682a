import type { Span } from './span.ts';

export const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** The ten trends; each has a page `knowledge/trends/<id>.md`. */
export const TRENDS = [
  'microservices',
  'serverless',
  'edge',
  'ai-automation',
  'api-first',
  'graphql',
  'low-code',
  'security',
  'containers',
  'observability',
] as const;
export type TrendId = (typeof TRENDS)[number];

/** The five benefits; each has a page `knowledge/benefits/<id>.md`. */
export const BENEFITS = ['performance', 'security', 'scalability', 'integration', 'data-management'] as const;
export type BenefitId = (typeof BENEFITS)[number];

/** What a rule belongs to: a trend where there is one, else the benefit it protects. */
export type ThemeId = TrendId | BenefitId;

/**
 * How far a fix may be applied without a look: `auto` in bulk, `suggest` one at a time with a preview,
 * `guide` has no edit, only text.
 */
export type FixKind = 'auto' | 'suggest' | 'guide';

/** One step of the proof: a place a person can open, and what it shows. */
export interface Evidence {
  readonly span: Span;
  readonly message: string;
}

/** A fix that exists for a finding; its edits are computed and verified only when somebody asks for them. */
export interface FixOffer {
  readonly id: string;
  readonly title: string;
  readonly kind: FixKind;
}

export interface Suppression {
  readonly kind: 'comment' | 'baseline';
  /** What the comment gives after `--`; a baseline entry has none. */
  readonly reason?: string;
  readonly span?: Span;
}

export interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly theme: ThemeId;
  readonly benefits: readonly BenefitId[];
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  /** The smallest range worth a squiggle. */
  readonly span: Span;
  /** The proof chain, in the order a person should read it. */
  readonly evidence: readonly Evidence[];
  /** Survives line moves; also the finding's id towards surfaces. Unique within one report. */
  readonly fingerprint: string;
  readonly fixes: readonly FixOffer[];
  readonly suppression?: Suppression;
}

/** Something about the input or about Underpin itself that made a result incomplete. Never carries source text. */
export interface Problem {
  readonly code:
    | 'file-too-large'
    | 'file-binary'
    | 'file-unreadable'
    | 'folder-unreadable'
    | 'symlink-loop'
    | 'invalid-encoding'
    | 'invalid-config'
    | 'artefact-unparsed'
    | 'rule-failed'
    | 'limit-reached'
    | 'internal';
  readonly message: string;
  readonly file?: string;
  /** True if findings may be missing because of it (exit code 3). */
  readonly incomplete: boolean;
}
