/** What a team has taught about its project; parsed from `underpin.config.jsonc`. Everything here is optional help. */
export interface ModelSettings {
  /** Tests, fixtures, examples, scripts, seeds and migrations count as source. */
  readonly allFiles: boolean;
  /** Path globs of routes that are open on purpose. */
  readonly publicRoutes: readonly string[];
  /** `file#export` of functions or classes that check the caller. */
  readonly guards: readonly string[];
  readonly validators: readonly string[];
  readonly limiters: readonly string[];
  readonly trustedIdentityHeaders: readonly string[];
  readonly internalServices: readonly string[];
  readonly facts: {
    /** Traces are produced by an agent outside of the repository. */
    readonly externalTracing: boolean;
    readonly architectureStyle: 'modular-monolith' | 'microservices' | undefined;
    readonly publicGraphql: boolean;
  };
}

export const DEFAULT_SETTINGS: ModelSettings = {
  allFiles: false,
  publicRoutes: [],
  guards: [],
  validators: [],
  limiters: [],
  trustedIdentityHeaders: [],
  internalServices: [],
  facts: { externalTracing: false, architectureStyle: undefined, publicGraphql: false },
};
