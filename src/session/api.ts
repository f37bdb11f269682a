import type { BenefitId, Evidence, Finding, FixKind, Problem, TrendId } from '../engine/model/finding.ts';
import type { Change, Span } from '../engine/model/span.ts';
import type { Credential } from '../engine/queries/route-answers.ts';
import type { JsonSchema } from '../engine/queries/schema-values.ts';
import type { Teaching } from './teach.ts';

/** Plain data between a session and its surfaces. Offsets are UTF-16; surfaces turn them into lines and columns. */

export type Verdict = 'yes' | 'no' | 'unknown';

export type { Credential } from '../engine/queries/route-answers.ts';
export type { JsonSchema } from '../engine/queries/schema-values.ts';
export type { Teaching } from './teach.ts';

export type Aspect = 'auth' | 'authorization' | 'validation' | 'rateLimit';

/** Roles of a step that answer the question with yes. */
const ANSWERS: Readonly<Record<Aspect, RegExp>> = {
  auth: /^(?:authenticates|verifies-signature)$/,
  authorization: /^authorizes$/,
  validation: /^validates-/,
  rateLimit: /^limits-rate$/,
};

/** Whether a step with these roles settles the question. */
export function answers(aspect: Aspect, roles: readonly string[]): boolean {
  return roles.some(role => ANSWERS[aspect].test(role));
}

export const INPUT_PARTS = ['params', 'query', 'headers', 'body'] as const;
export type InputPart = (typeof INPUT_PARTS)[number];

/** Something that stands before a handler, or in it, in the order a request passes. */
export interface RouteStep {
  readonly span: Span;
  /** From the outside in. */
  readonly level: 'app' | 'router' | 'decorator' | 'route' | 'wrapper' | 'handler';
  /** How it was attached, e.g. `use('/api')`. */
  readonly via: string;
  /** What it does, by evidence; `unknown` where it cannot be seen through. */
  readonly roles: readonly string[];
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** How `guards`, `validators` and `limiters` of the settings name it; absent for what has no name. */
  readonly name?: string;
}

/** A query or an outgoing call on a route's way. */
export interface RouteUse {
  readonly span: Span;
  readonly what: string;
}

export interface RouteInfo {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly framework: string;
  /** The deployable unit (service) the route belongs to: its folder, '' for the workspace root. */
  readonly unit: string;
  readonly span: Span;
  readonly handler?: Span;
  readonly verdicts: Readonly<Record<Aspect, Verdict>>;
  /** Parts of the input that the route takes, and whether each is checked; a part it does not take is absent. */
  readonly input: Readonly<Partial<Record<InputPart, Verdict>>>;
  /** Roles and permissions its guards ask for, as written. */
  readonly roles: readonly string[];
  readonly steps: readonly RouteStep[];
  /** Places looked at, in order, per verdict. */
  readonly proof: readonly (Evidence & { readonly aspect: Aspect })[];
  readonly queries: readonly RouteUse[];
  readonly calls: readonly RouteUse[];
  readonly isPublic?: string;
  /** Why the record is incomplete; absent if it is complete. */
  readonly partial?: string;
}

/** What an API document says of a route beyond its verdicts. */
export interface RouteDescription {
  readonly route: RouteInfo;
  /** JSON schemas by part of the input, as far as the code tells. */
  readonly input: Readonly<Partial<Record<InputPart, JsonSchema>>>;
  /** Status codes the handler answers with; empty where it leaves that to the framework. */
  readonly statuses: readonly number[];
  readonly credential?: Credential;
}

/** Nothing asks who is calling, and nothing says that this is meant. */
export function isOpen({ verdicts, isPublic }: Pick<RouteInfo, 'verdicts' | 'isPublic'>): boolean {
  return verdicts.auth === 'no' && isPublic === undefined;
}

export const TREND_STATUSES = ['not-applicable', 'absent', 'started', 'established'] as const;
export type TrendStatus = (typeof TREND_STATUSES)[number];

export interface NextStep {
  readonly title: string;
  /** What the button does: open a finding, show a recipe, or apply a fix. */
  readonly action:
    | { readonly kind: 'finding'; readonly fingerprint: string }
    | { readonly kind: 'recipe'; readonly recipe: string }
    | { readonly kind: 'page'; readonly page: string };
}

export interface TrendInfo {
  readonly id: TrendId | BenefitId;
  readonly kind: 'trend' | 'benefit';
  readonly title: string;
  readonly summary: string;
  readonly status: TrendStatus;
  /** 0–100; only meaningful for `started` and `established`. */
  readonly score: number;
  readonly why: string;
  readonly evidenceFor: readonly Evidence[];
  readonly evidenceAgainst: readonly Evidence[];
  /** Fingerprints of the open findings of this theme. */
  readonly findings: readonly string[];
  readonly nextSteps: readonly NextStep[];
}

export interface ScanReport {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly stats: ScanStats;
}

export interface ScanStats {
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  readonly cachedFiles: number;
  /** Phase name → milliseconds, in the order the phases ran. */
  readonly phases: Readonly<Record<string, number>>;
  /** Rule id → milliseconds. */
  readonly rules: Readonly<Record<string, number>>;
  /**
   * Ways of untrusted values that were not followed to their end because a limit was reached: findings may be missing
   * there. Undefined where the report of the last run was taken over.
   */
  readonly cutFlows?: number;
  /** The functions that flows took longest in: place and name → milliseconds. */
  readonly functions?: Readonly<Record<string, number>>;
}

export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly theme: TrendId | BenefitId;
  readonly severity: Finding['severity'];
  readonly confidence: Finding['confidence'];
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  readonly fix?: FixKind;
  readonly docs: string;
  readonly defaultOn: boolean;
}

/** A fix with its edits; exists only after the exam (parses, finding gone, nothing new) was passed. */
export interface VerifiedFix {
  readonly id: string;
  readonly title: string;
  readonly kind: FixKind;
  readonly change: Change;
}

export interface Verification {
  readonly ok: boolean;
  /** One sentence per failed exam question; empty if ok. */
  readonly reasons: readonly string[];
}

export interface ChangedDocument {
  /** Workspace-relative POSIX path. */
  readonly file: string;
  /** Undefined: the editor closed it (disk counts again) or the file changed on disk. */
  readonly text?: string;
  readonly version?: number;
}

/** How much of the workspace is reported; the whole graph always decides what is true. */
export type Scope = { readonly kind: 'all' } | { readonly kind: 'since'; readonly ref: string };

export interface ScanOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, phase: string) => void;
}

export interface SessionApi {
  readonly root: string;
  /** Scans, or returns what is known when nothing changed. Rejects with `AbortError` when `signal` fires. */
  scan(options?: ScanOptions): Promise<ScanReport>;
  /** Reads the workspace without running any rule: for `routes`, which needs none. */
  read(options?: ScanOptions): Promise<Pick<ScanReport, 'problems'>>;
  applyChanges(changes: readonly ChangedDocument[]): void;
  routes(): Promise<readonly RouteInfo[]>;
  /** Routes with what their documentation needs: schemas, answers, credentials. */
  descriptions(): Promise<readonly RouteDescription[]>;
  trends(): Promise<readonly TrendInfo[]>;
  rules(): readonly RuleInfo[];
  /** Verified fixes of one finding; an empty list if none passed the exam. */
  fixes(fingerprint: string): Promise<readonly VerifiedFix[]>;
  /** One change that fixes every finding of the rule that has an `auto` fix, re-verified as a whole. */
  fixAll(ruleId: string, files?: readonly string[]): Promise<VerifiedFix | undefined>;
  /** Puts a change of any origin to the same exam as a fix of `fingerprint`. */
  verify(fingerprint: string, change: Change): Promise<Verification>;
  /** The change that writes something into the settings; undefined if it is there or they cannot be read. */
  teach(teaching: Teaching): Promise<Change | undefined>;
  /** Facts, model entries and rules at a place, as readable text. */
  explain(file: string, offset: number): Promise<string>;
  /** Why a rule reports nothing on the line of a place, as readable text; undefined if there is no such rule. */
  whyNot(ruleId: string, file: string, offset: number): Promise<string | undefined>;
  /** Files whose text no prompt may hold, in .gitignore syntax: what all configuration files say. */
  denied(): Promise<readonly string[]>;
  /** Current text: the open editor's if there is one, else the disk's. */
  text(file: string): Promise<string | undefined>;
  onDidUpdate(listener: (changedFiles: readonly string[]) => void): () => void;
  dispose(): void;
}
