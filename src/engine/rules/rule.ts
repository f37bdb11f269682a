import type { SinkKind } from '../flow/kinds.ts';
import type { Model } from '../link/model.ts';
import type { BenefitId, Confidence, Evidence, FixKind, Severity, ThemeId } from '../model/finding.ts';
import type { Change, Span } from '../model/span.ts';

export interface RuleMeta {
  /** `<topic>/<kebab-name>`; equals the path of the file below `rules/`. The name states the defect. */
  readonly id: `${string}/${string}`;
  readonly theme: ThemeId;
  readonly benefits: readonly BenefitId[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  /** False: on only when a config asks for it. */
  readonly defaultOn?: boolean;
  /** For rules about values that somebody else chose: the kinds of sinks it reports, to tell why it is silent. */
  readonly sinks?: readonly SinkKind[];
  /** The best kind of fix it can offer. */
  readonly fix?: FixKind;
  /** By key; `{name}` is replaced by `data.name`. One sentence with a full stop. */
  readonly messages: Readonly<Record<string, string>>;
}

/** What a fix may read: the current text of any file of the workspace, and the model the finding came from. */
export interface FixContext {
  readonly model: Model;
  text(file: string): string | undefined;
}

export interface FixDraft {
  /** Imperative: "Set HttpOnly, Secure and SameSite". */
  readonly title: string;
  readonly kind: Exclude<FixKind, 'guide'>;
  /** Undefined: after all it does not fit here. */
  change(context: FixContext): Change | undefined;
}

export interface ReportOptions {
  readonly data?: Readonly<Record<string, string | number>>;
  /** The proof, in reading order. */
  readonly evidence?: readonly Evidence[];
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly fixes?: readonly FixDraft[];
  /** What the finding is about when its line changes: a route, a function, a container's name. */
  readonly anchor?: string;
}

export type Report<Message extends string> = (at: Span, message: Message, options?: ReportOptions) => void;

export interface Rule<T extends RuleMeta = RuleMeta> {
  readonly meta: T;
  check(model: Model, report: Report<Extract<keyof T['messages'], string>>): void;
}

/** Ties the keys that `check` may report to `meta.messages`. */
export function defineRule<const T extends RuleMeta>(rule: Rule<T>): Rule<T> {
  return rule;
}

/** A rule with its own message keys forgotten, as the registry holds it. */
export type AnyRule = Omit<Rule, 'check'> & { check(model: Model, report: Report<string>): void };
