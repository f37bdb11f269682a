import type { Located, NamedSetting, Setting, TextRange } from '../document.ts';
import type { ArtefactBase, CommandLine } from './base.ts';

export interface ComposeFacts extends ArtefactBase {
  readonly kind: 'compose';
  /** By its name an override, development, test or CI file. */
  readonly development: boolean;
  readonly services: readonly ComposeService[];
  /** Names of top-level volumes. */
  readonly volumes: readonly Located[];
  readonly includes: readonly Setting[];
}

export interface ComposeService extends TextRange {
  readonly name: Located;
  readonly image?: Setting;
  readonly build?: TextRange & {
    readonly context?: Setting;
    readonly dockerfile?: Setting;
    readonly target?: Setting;
    readonly args: readonly NamedSetting[];
  };
  readonly command?: CommandLine;
  readonly entrypoint?: CommandLine;
  readonly ports: readonly ComposePort[];
  readonly expose: readonly Setting<number>[];
  /** A variable without a value is passed through from the host. */
  readonly environment: readonly ComposeEnv[];
  readonly envFiles: readonly Setting[];
  readonly dependsOn: readonly { readonly service: Setting; readonly condition?: Setting }[];
  readonly volumes: readonly (TextRange & {
    readonly source?: Setting;
    readonly target?: Setting;
    readonly readOnly: boolean;
  })[];
  readonly tmpfs: readonly Setting[];
  readonly healthcheck?: TextRange & {
    readonly disabled: boolean;
    /** Without the leading `CMD` or `CMD-SHELL`. */
    readonly test?: CommandLine;
  };
  readonly user?: Setting;
  readonly workingDir?: Setting;
  readonly readOnly?: Setting<boolean>;
  readonly privileged?: Setting<boolean>;
  readonly init?: Setting<boolean>;
  readonly networkMode?: Setting;
  readonly containerName?: Setting;
  readonly restart?: Setting;
  readonly replicas?: Setting<number>;
  readonly memoryLimit?: Setting;
  readonly stopGracePeriod?: Setting;
  readonly profiles: readonly Setting[];
  readonly capAdd: readonly Setting[];
  readonly extraHosts: readonly Setting[];
  readonly aliases: readonly Setting[];
  readonly labels: readonly ComposeEnv[];
  readonly extends?: { readonly service?: Setting; readonly file?: Setting };
}

export interface ComposePort extends TextRange {
  readonly hostIp?: string;
  /** As written; may be a range or a variable. */
  readonly published?: string;
  /** The container's port; absent if it is a range or a variable. */
  readonly target?: number;
}

export interface ComposeEnv {
  readonly name: Located;
  readonly value?: Setting;
}
