import type { BenefitId, ThemeId, TrendId } from '../engine/model/finding.ts';
import type { EvidenceId } from './evidence-ids.ts';

export const RECIPE_TOPICS = ['auth', 'validation', 'tracing', 'rate-limiting', 'health-and-shutdown'] as const;
export type RecipeTopic = (typeof RECIPE_TOPICS)[number];

export const RECIPE_FRAMEWORKS = ['express', 'fastify', 'nest'] as const;
export type RecipeFramework = (typeof RECIPE_FRAMEWORKS)[number];

export interface Source {
  readonly title: string;
  readonly publisher: string;
  readonly year: number;
  readonly url?: string;
}

/** A `## heading` and the Markdown below it. */
export interface Section {
  readonly heading: string;
  readonly text: string;
}

/** One small thing to do. It is done when none of `rule` is open and all of `evidence` was found. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly rule?: string;
  readonly evidence?: readonly EvidenceId[];
  readonly recipe?: RecipeTopic;
}

interface PageBase {
  /** Path below `knowledge/` without `.md`; unique over all kinds, which `id` is not (`security` is a trend and a benefit). */
  readonly key: string;
  readonly id: string;
  readonly title: string;
  /** One line of at most 160 characters. */
  readonly summary: string;
  /** `YYYY-MM` of the last review. */
  readonly reviewed: string;
  readonly sections: readonly Section[];
  readonly sources: readonly Source[];
}

interface ThemePageBase extends PageBase {
  /** Rule ids that speak against it. */
  readonly signals: readonly string[];
  readonly positive: readonly EvidenceId[];
  /** From the first to the last, each smaller than a day's work. */
  readonly steps: readonly Step[];
}

export interface TrendPage extends ThemePageBase {
  readonly kind: 'trend';
  readonly id: TrendId;
  readonly benefits: readonly BenefitId[];
}

export interface BenefitPage extends ThemePageBase {
  readonly kind: 'benefit';
  readonly id: BenefitId;
}

export interface RulePage extends PageBase {
  readonly kind: 'rule';
  readonly trend: ThemeId;
  readonly benefits: readonly BenefitId[];
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
}

export interface RecipePage extends PageBase {
  readonly kind: 'recipe';
  readonly topic: RecipeTopic;
  readonly framework: RecipeFramework;
  /** Package name → the version line the samples were tested with (`5`, `0.301`). */
  readonly packages: Readonly<Record<string, string>>;
  /** Rule ids whose findings the recipe removes. */
  readonly resolves: readonly string[];
}

export type Page = TrendPage | BenefitPage | RulePage | RecipePage;
export type PageKind = Page['kind'];

/** The compiled knowledge: plain data. `packed.ts` says how it is shipped. */
export interface KnowledgeIndex {
  readonly version: 1;
  readonly pages: readonly Page[];
  /** A serialized MiniSearch index over `pages`, keyed by `key`. */
  readonly search: object;
}
