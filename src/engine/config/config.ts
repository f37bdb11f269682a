import type { Confidence, Severity } from '../model/finding.ts';
import type { Harm } from '../model/harms.ts';

/** File that holds the settings of its folder and everything below. */
export const CONFIG_FILE = 'underpin.config.jsonc';

export type RuleSetting = 'off' | Severity | { readonly severity?: 'off' | Severity; readonly confidence?: Confidence };

export type FailOn = Severity | 'never';

/** The content of one `underpin.config.jsonc`; `schema.ts` says the same to editors. */
export interface Config {
  readonly $schema?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Everything, or only what changed since a git revision. */
  readonly scope?: 'all' | { readonly since: string };
  readonly minConfidence?: Confidence;
  readonly failOn?: FailOn;
  /** Path of the baseline file, relative to this file. */
  readonly baseline?: string;
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Routes that are meant to be open: `/health`, `POST /login`, `/public/**`. */
  readonly publicRoutes?: readonly string[];
  /** Functions, classes or decorators that check the caller: `requireUser` or `src/auth.ts#requireUser`. */
  readonly guards?: readonly string[];
  readonly validators?: readonly string[];
  readonly limiters?: readonly string[];
  /** Request headers that a trusted proxy sets, such as `x-user-id`. */
  readonly trustedIdentityHeaders?: readonly string[];
  /** Host names of services of one's own, `*` allowed: `*.internal`. */
  readonly internalServices?: readonly string[];
  readonly flow?: FlowSettings;
  readonly facts?: Facts;
  readonly ai?: { readonly deny?: readonly string[] };
  readonly overrides?: readonly Override[];
}

/** Functions that flows of untrusted values begin at, end in or are stopped by: `runSql` or `src/db.ts#runSql`. */
export interface FlowSettings {
  readonly sources?: readonly { readonly call: string; readonly from?: 'request' | 'model' }[];
  /** `argument` counts from 0; without it, every argument does harm. */
  readonly sinks?: readonly { readonly call: string; readonly argument?: number; readonly kind: Harm }[];
  /** What they give, and what they say yes to, is harmless for these kinds; without `for`, for all. */
  readonly sanitizers?: readonly { readonly call: string; readonly for?: readonly Harm[] }[];
}

/** Things no file of the workspace shows. */
export interface Facts {
  readonly externalTracing?: boolean;
  readonly externalMetrics?: boolean;
  readonly externalRateLimit?: boolean;
  readonly externalAuth?: boolean;
  readonly architectureStyle?: 'monolith' | 'modular-monolith' | 'microservices' | 'serverless';
  /** Idle time after which the load balancer closes a connection, in seconds. */
  readonly lbIdleSeconds?: number;
  readonly db?: { readonly maxConnections?: number };
}

export interface Override {
  readonly files: readonly string[];
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly minConfidence?: Confidence;
}
