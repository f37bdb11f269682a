import type { TemplateHole } from '../../../common/template-holes.ts';
import type { DocumentNode, Located, Setting, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

export interface Dependency {
  readonly name: Located;
  /** The version range as written. */
  readonly range: Setting;
}

export interface PackageJsonFacts extends ArtefactBase {
  readonly kind: 'package-json';
  readonly name?: Setting;
  readonly version?: Setting;
  readonly type?: Setting;
  readonly main?: Setting;
  readonly module?: Setting;
  readonly types?: Setting;
  readonly packageManager?: Setting;
  readonly private?: Setting<boolean>;
  readonly bin: readonly { readonly name: string; readonly path: Setting }[];
  readonly scripts: readonly { readonly name: Located; readonly command: Setting }[];
  readonly dependencies: readonly Dependency[];
  readonly devDependencies: readonly Dependency[];
  readonly peerDependencies: readonly Dependency[];
  readonly optionalDependencies: readonly Dependency[];
  /** Glob patterns of workspace packages; also those of pnpm-workspace.yaml stay in its own `config` facts. */
  readonly workspaces: readonly Setting[];
  readonly engines: readonly { readonly name: Located; readonly range: Setting }[];
  readonly exports?: DocumentNode;
  readonly imports?: DocumentNode;
  readonly root?: DocumentNode;
}

export interface LockfileFacts extends ArtefactBase {
  readonly kind: 'lockfile';
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Package name → resolved versions, each once, in order of appearance; the version of the root install comes first. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

export interface TsconfigFacts extends ArtefactBase {
  readonly kind: 'tsconfig';
  readonly extends: readonly Setting[];
  readonly baseUrl?: Setting;
  readonly paths: readonly { readonly pattern: Located; readonly targets: readonly Setting[] }[];
  readonly rootDir?: Setting;
  readonly outDir?: Setting;
  readonly module?: Setting;
  readonly moduleResolution?: Setting;
  readonly target?: Setting;
  readonly strict?: Setting<boolean>;
  readonly experimentalDecorators?: Setting<boolean>;
  readonly emitDecoratorMetadata?: Setting<boolean>;
  readonly references: readonly Setting[];
  readonly include?: readonly Setting[];
  readonly exclude?: readonly Setting[];
  readonly files?: readonly Setting[];
}

/** A platform or tool configuration that rules read as a plain tree. */
export interface ConfigFacts extends ArtefactBase {
  readonly kind: 'config';
  readonly tool:
    | 'supabase'
    | 'fly'
    | 'render'
    | 'railway'
    | 'vercel'
    | 'netlify'
    | 'nest-cli'
    | 'turbo'
    | 'pnpm-workspace'
    | 'app-json';
  readonly root?: DocumentNode;
}

/** A raw template of a Helm chart: it is no YAML until it is rendered, so nothing in it is known. */
export interface HelmTemplateFacts extends ArtefactBase {
  readonly kind: 'helm-template';
}

/** What a secret check may know about a value; the value itself is never kept. */
export interface ValueShape extends TextRange {
  /** UTF-16 units of the value without quotes. */
  readonly length: number;
  /** The first four units of a value of at least twelve, else ''. */
  readonly prefix: string;
  readonly quoted: boolean;
  readonly shape:
    | 'empty'
    | 'placeholder'
    | 'reference'
    | 'boolean'
    | 'number'
    | 'word'
    | 'url'
    | 'url-with-password'
    | 'path'
    | 'hex'
    | 'base64'
    | 'jwt'
    | 'pem'
    | 'uuid'
    | 'text';
  /** Shannon entropy in bits per unit, one decimal. */
  readonly entropy: number;
  /** The provider's format of a credential that works, e.g. `stripe-key`. */
  readonly format?: string;
}

export interface EnvFileFacts extends ArtefactBase {
  readonly kind: 'env-file';
  /** By its name a template for people (`.env.example`), not a file with live values. */
  readonly template: boolean;
  readonly variables: readonly { readonly name: Located; readonly value: ValueShape }[];
}

export interface ProcfileFacts extends ArtefactBase {
  readonly kind: 'procfile';
  readonly processes: readonly { readonly name: Located; readonly command: Located }[];
}

/** A page as a template engine reads it. */
export interface TemplateFacts extends ArtefactBase {
  readonly kind: 'template';
  /** Places where a value is written into the page as it is. */
  readonly holes: readonly TemplateHole[];
}

export interface ShellFacts extends ArtefactBase {
  readonly kind: 'shell';
  readonly interpreter?: Located;
  /** Logical lines (continuations joined) that are commands, without comments. */
  readonly commands: readonly (Located & {
    readonly exec: boolean;
    readonly background: boolean;
    readonly depth: number;
  })[];
  /** The last command that runs in the foreground outside of functions; what PID 1 waits for. */
  readonly last?: Located & { readonly exec: boolean };
  /** Whether any branch ends in `exec`. */
  readonly hasExec: boolean;
}
