import type { DocumentNode, Located, NamedSetting, Setting, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

export interface ServerlessFacts extends ArtefactBase {
  readonly kind: 'serverless';
  readonly service?: Setting;
  readonly provider: {
    readonly name?: Setting;
    readonly runtime?: Setting;
    readonly stage?: Setting;
    readonly region?: Setting;
    readonly timeout?: Setting<number>;
    readonly memorySize?: Setting<number>;
    readonly environment: readonly NamedSetting[];
    /** Names of `httpApi.authorizers`. */
    readonly authorizers: readonly Located[];
    readonly httpApiPayload?: Setting;
    readonly node?: DocumentNode;
  };
  readonly plugins: readonly Setting[];
  readonly functions: readonly ServerlessFunction[];
  /** Functions come (also) from `${file(…)}` or another place that cannot be read here. */
  readonly functionsPartial: boolean;
  readonly custom?: DocumentNode;
}

export interface ServerlessFunction extends TextRange {
  readonly name: Located;
  readonly handler?: Setting;
  readonly image?: TextRange;
  readonly runtime?: Setting;
  readonly timeout?: Setting<number>;
  readonly memorySize?: Setting<number>;
  readonly reservedConcurrency?: Setting<number>;
  readonly environment: readonly NamedSetting[];
  /** A function URL; `authorizer` absent means open to everyone. */
  readonly url?: TextRange & { readonly authorizer?: Setting };
  readonly onFailure?: TextRange;
  readonly events: readonly FunctionEvent[];
}

export interface FunctionEvent extends TextRange {
  /** `http`, `httpApi`, `sqs`, `schedule` …; for SAM the resource's `Type`. */
  readonly type: Located;
  readonly method?: Setting;
  readonly path?: Setting;
  /** Present if the event states an authorizer; its name if that is literal. */
  readonly authorizer?: TextRange & { readonly name?: Setting };
  readonly private?: Setting<boolean>;
  readonly node: DocumentNode;
}

export interface SamFacts extends ArtefactBase {
  readonly kind: 'sam';
  readonly globals: {
    readonly runtime?: Setting;
    readonly handler?: Setting;
    readonly codeUri?: Setting;
    readonly timeout?: Setting<number>;
    readonly memorySize?: Setting<number>;
    readonly environment: readonly NamedSetting[];
    /** `Globals.Api.Auth.DefaultAuthorizer` or the one of `Globals.HttpApi`. */
    readonly defaultAuthorizer?: Setting;
  };
  readonly functions: readonly SamFunction[];
  readonly apis: readonly (TextRange & {
    readonly id: Located;
    readonly type: 'api' | 'http-api';
    readonly authorizers: readonly Located[];
    readonly defaultAuthorizer?: Setting;
  })[];
}

export interface SamFunction extends TextRange {
  readonly id: Located;
  readonly handler?: Setting;
  readonly codeUri?: Setting;
  readonly runtime?: Setting;
  readonly packageType?: Setting;
  readonly imageUri?: Setting;
  readonly inlineCode: boolean;
  readonly timeout?: Setting<number>;
  readonly memorySize?: Setting<number>;
  readonly environment: readonly NamedSetting[];
  readonly functionUrl?: TextRange & { readonly authType?: Setting };
  readonly deadLetter: boolean;
  /** `Metadata.BuildMethod` and `Metadata.BuildProperties.EntryPoints`. */
  readonly buildMethod?: Setting;
  readonly entryPoints: readonly Setting[];
  readonly events: readonly (FunctionEvent & { readonly name: Located; readonly auth?: DocumentNode })[];
}

export interface WranglerFacts extends ArtefactBase, WranglerSection {
  readonly kind: 'wrangler';
  readonly format: 'toml' | 'json';
  readonly environments: readonly (WranglerSection & { readonly environment: Located })[];
}

/** The top level, or one `env.<name>`, which inherits neither bindings nor vars from the top level. */
export interface WranglerSection extends TextRange {
  readonly name?: Setting;
  readonly main?: Setting;
  readonly compatibilityDate?: Setting;
  readonly compatibilityFlags: readonly Setting[];
  /** `node_compat`: polyfills that Wrangler 3 bundles. */
  readonly nodeCompat?: Setting<boolean>;
  readonly bindings: readonly WranglerBinding[];
  readonly crons: readonly Setting[];
  readonly queueConsumers: readonly (TextRange & { readonly queue?: Setting; readonly deadLetterQueue?: Setting })[];
  /** Classes that the worker must export unless `scriptName` says otherwise. */
  readonly classes: readonly (TextRange & {
    readonly type: 'durable-object' | 'workflow';
    readonly binding?: Setting;
    readonly className?: Setting;
    readonly scriptName?: Setting;
  })[];
  readonly migrations: readonly (TextRange & {
    readonly tag?: Setting;
    /** Class names of new_classes, new_sqlite_classes and the targets of renamed_classes. */
    readonly created: readonly Setting[];
    readonly deleted: readonly Setting[];
  })[];
  readonly assets?: TextRange & { readonly directory?: Setting };
}

export interface WranglerBinding extends TextRange {
  /** The key of the configuration: `vars`, `kv_namespaces`, `r2_buckets`, `services` … */
  readonly type: string;
  /** The member of `env`. */
  readonly name: Setting;
  /** Of `vars` only, if it is a scalar. */
  readonly value?: Setting;
}
