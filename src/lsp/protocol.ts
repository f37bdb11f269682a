import type { Range, WorkspaceEdit } from 'vscode-languageserver';
import type { BenefitId, Finding, FixKind, FixOffer, Problem, ThemeId } from '../engine/model/finding.ts';
import type {
  InputPart,
  NextStep,
  RouteInfo,
  RouteStep,
  RuleInfo,
  ScanStats,
  Teaching,
  TrendInfo,
  TrendStatus,
  Verdict,
  Verification,
} from '../session/api.ts';

/** What the language server and its clients exchange beyond the LSP itself. Plain data; positions are LSP positions. */

/** Glob patterns of the files that count: those whose text can change a finding. */
export const WATCHED = [
  '**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx,json,jsonc,yml,yaml,toml,graphql,graphqls,gql,prisma,sql}',
  '**/{Dockerfile,Containerfile,*.dockerfile,Dockerfile.*,.env,.env.*,.gitignore,*.jsonl}',
];

/** What a commit or a checkout writes; after it other files may count as changed. */
export const WATCHED_GIT = '**/.git/{HEAD,logs/HEAD}';

export interface Place {
  readonly uri: string;
  readonly range: Range;
}

export interface PlacedEvidence extends Place {
  readonly message: string;
}

/** Names one finding of one workspace folder. */
export interface FindingRef {
  /** URI of the workspace folder whose session reported the finding. */
  readonly folder: string;
  readonly fingerprint: string;
}

export interface FindingView extends FindingRef, Place {
  readonly ruleId: string;
  readonly message: string;
  readonly severity: Finding['severity'];
  readonly confidence: Finding['confidence'];
  readonly theme: ThemeId;
  /** Title of the theme's page. */
  readonly themeTitle: string;
  readonly benefits: readonly BenefitId[];
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  /** Workspace-relative POSIX path, for display and grouping. */
  readonly file: string;
  readonly evidence: readonly PlacedEvidence[];
  readonly fixes: readonly FixOffer[];
  /** True if the finding is one of this branch's: its file differs from the compared ref. */
  readonly changed: boolean;
}

export interface RouteView extends Place {
  readonly folder: string;
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly framework: string;
  readonly unit: string;
  readonly file: string;
  readonly handler?: Place;
  readonly verdicts: RouteInfo['verdicts'];
  readonly input: Readonly<Partial<Record<InputPart, Verdict>>>;
  readonly roles: readonly string[];
  /** What a request passes, in order. */
  readonly steps: readonly StepView[];
  readonly queries: readonly PlacedEvidence[];
  readonly calls: readonly PlacedEvidence[];
  /** The route, its handler or something on its way stands in a file of this branch's. */
  readonly changed: boolean;
  readonly isPublic?: string;
  readonly partial?: string;
}

export interface StepView extends Place {
  readonly level: RouteStep['level'];
  readonly via: string;
  readonly roles: readonly string[];
  readonly why: string;
  readonly evidence: readonly PlacedEvidence[];
  /** How the settings name it; absent for what has no name. */
  readonly name?: string;
}

/** Names one route of one workspace folder. */
export interface RouteRef {
  readonly folder: string;
  readonly route: string;
}

export interface TrendView {
  readonly folder: string;
  readonly id: TrendInfo['id'];
  readonly kind: TrendInfo['kind'];
  readonly title: string;
  readonly summary: string;
  readonly status: TrendStatus;
  /** 0–100. */
  readonly score: number;
  readonly why: string;
  readonly evidenceFor: readonly LabelledEvidence[];
  readonly evidenceAgainst: readonly LabelledEvidence[];
  /** How many findings of the theme are open. */
  readonly open: number;
  /** The first few of them, worst first. */
  readonly findings: readonly FindingView[];
  readonly nextSteps: readonly NextStep[];
}

export interface LabelledEvidence extends PlacedEvidence {
  /** `src/app.ts:12`, for display. */
  readonly label: string;
}

/** The trends of one workspace folder. */
export interface TrendsOfFolder {
  readonly folder: string;
  readonly name: string;
  readonly trends: readonly TrendView[];
}

export interface ScanSummary {
  readonly findings: number;
  readonly bySeverity: Readonly<Record<Finding['severity'], number>>;
  readonly problems: readonly Problem[];
  readonly stats: readonly (ScanStats & { readonly folder: string })[];
}

export interface FixView {
  readonly id: string;
  readonly title: string;
  readonly kind: FixKind;
  readonly edit: WorkspaceEdit;
}

export const REPORT_FORMATS = ['markdown', 'html', 'json', 'sarif', 'junit', 'text'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface AiSettings {
  readonly provider: 'none' | 'vscode' | 'openai';
  /** OpenAI-compatible base URL; empty means OpenAI's own. */
  readonly baseUrl: string;
  readonly model: string;
  readonly timeoutSeconds: number;
}

/** Exactly what would be sent, for the user to read before the first send of a workspace to a destination. */
export interface AiPreview {
  readonly text: string;
  readonly destination: string;
  /** Model and place, for people. */
  readonly label: string;
  /** Estimated. */
  readonly tokens: number;
  readonly files: readonly string[];
  /** Files that were left out because they never leave the machine. */
  readonly deniedFiles: readonly string[];
  /** How many secrets were blanked out. */
  readonly redactions: number;
}

export interface AiTest {
  readonly ok: boolean;
  /** The setting to look at first. */
  readonly wrong?: 'url' | 'key' | 'model';
  readonly message: string;
  readonly models: readonly { readonly id: string; readonly label: string }[];
}

export type AiAnswer =
  /** Passed every check; may be applied. */
  | { readonly kind: 'change'; readonly title: string; readonly notes: string; readonly edit: WorkspaceEdit }
  /** What the model says, and why it is no more than that. */
  | { readonly kind: 'advice'; readonly text: string; readonly reason: string }
  /** What the knowledge base says, and why no model was heard. */
  | { readonly kind: 'knowledge'; readonly text: string; readonly reason: string }
  | { readonly kind: 'cancelled' };

export interface LmModel {
  readonly id: string;
  readonly label: string;
  readonly maxInputTokens: number;
}

export interface LmMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** `code` is that of the editor's `LanguageModelError`, or `Cancelled`. */
export type LmAnswer = { readonly text: string } | { readonly code: string };

/** Every request a client may send to the server, with its parameters and its answer. */
export interface ServerRequests {
  'underpin/scan': { params: { readonly fresh: boolean }; result: ScanSummary };
  'underpin/findings': { params: object; result: readonly FindingView[] };
  'underpin/routes': { params: object; result: readonly RouteView[] };
  'underpin/trends': { params: object; result: readonly TrendsOfFolder[] };
  'underpin/rules': { params: object; result: readonly RuleInfo[] };
  'underpin/fixes': { params: FindingRef; result: readonly FixView[] };
  /** Without `uri` the whole workspace is fixed. */
  'underpin/fixAll': { params: { readonly ruleId: string; readonly uri?: string }; result: FixView | null };
  /** Writes into the settings that a step of the route is a guard (a validator, a limiter), or that the route is public. */
  'underpin/teach': {
    params: RouteRef & { readonly key: Teaching['key']; readonly name?: string };
    result: WorkspaceEdit | null;
  };
  'underpin/verify': { params: FindingRef & { readonly edit: WorkspaceEdit }; result: Verification };
  'underpin/suppress': { params: FindingRef & { readonly reason: string }; result: WorkspaceEdit | null };
  /** Facts, model entries and rules at a place, as readable text. */
  'underpin/explain': { params: Place; result: string };
  /** The page of a rule, trend, benefit or recipe in the knowledge base, as Markdown. */
  'underpin/page': { params: { readonly id: string }; result: { title: string; markdown: string } | null };
  'underpin/report': { params: { readonly format: ReportFormat }; result: { text: string; fileName: string } };
  'underpin/timings': { params: object; result: string };
  'underpin/createBaseline': { params: object; result: readonly { uri: string; entries: number }[] };
  /** Tries an endpoint before its settings are kept; no code is sent. */
  'underpin/ai/test': { params: AiSettings; result: AiTest };
  'underpin/ai/suggest': { params: FindingRef & { readonly progress: string }; result: AiAnswer };
}

/** Requests the server sends to a client that announced `underpin: true` in its initialization options. */
export interface ClientRequests {
  /** May this text go there? The client remembers a yes for the workspace. */
  'underpin/consent': { params: AiPreview; result: boolean };
  /** The key for an endpoint, from the client's secret storage. Keys are bound to the endpoint's origin. */
  'underpin/secret': { params: { readonly origin: string }; result: string | null };
  /** Asks a chat model of the client's host; the answer also arrives in pieces as `underpin/lm/chunk`. */
  'underpin/lm': {
    params: { readonly id: string; readonly model: string; readonly messages: readonly LmMessage[] };
    result: LmAnswer;
  };
  /** The chat models the host offers right now. */
  'underpin/lm/models': { params: object; result: readonly LmModel[] };
}

export interface Notifications {
  /** Server to client: findings, routes or trends differ from what was last sent. */
  'underpin/changed': { readonly findings: number };
  /** Server to client: a scan ended without a result; what was known before still counts. */
  'underpin/stopped': { readonly reason: 'cancelled' | 'failed'; readonly message: string };
  /** Server to client: what the advisor is doing, for the progress of `underpin/ai/suggest`. */
  'underpin/ai/progress': { readonly progress: string; readonly message: string };
  /** Client to server: a piece of a model's answer. */
  'underpin/lm/chunk': { readonly id: string; readonly text: string };
}

/** Commands that code actions and lenses refer to; a client may run them itself. */
export const COMMANDS = {
  fixAllOfRule: 'underpin.fixAllOfRule',
  suppress: 'underpin.suppress',
  explain: 'underpin.explainFinding',
  suggest: 'underpin.suggestChange',
  showRoutes: 'underpin.showRoutes',
  markGuard: 'underpin.markGuard',
  markPublic: 'underpin.markPublic',
} as const;

/** A link that runs `Explain Finding` in VS Code; the documentation is inside the extension and needs no network. */
export function explainLink({ folder, fingerprint }: FindingRef): string {
  return `command:${COMMANDS.explain}?${encodeURIComponent(JSON.stringify([{ folder, fingerprint }]))}`;
}
