import type { DocumentNode, Located, NamedSetting, Setting, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

/** A GitHub workflow, or a composite action (`action.yml`), which has one job named `runs`. */
export interface WorkflowFacts extends ArtefactBase {
  readonly kind: 'github-workflow';
  readonly action: boolean;
  readonly name?: Setting;
  readonly triggers: readonly WorkflowTrigger[];
  readonly permissions?: WorkflowPermissions;
  readonly env: readonly NamedSetting[];
  readonly jobs: readonly WorkflowJob[];
  /** Where `on` and `jobs` start, for insertions before them. */
  readonly onKey?: TextRange;
  readonly jobsKey?: TextRange;
}

export interface WorkflowTrigger extends TextRange {
  readonly name: Located;
  readonly types: readonly Setting[];
  readonly branches: readonly Setting[];
  readonly node?: DocumentNode;
}

export interface WorkflowPermissions extends TextRange {
  /** `write-all`, `read-all` or `{}` written as one word; absent if scopes are listed. */
  readonly all?: 'read' | 'write' | 'none';
  readonly scopes: readonly NamedSetting[];
}

export interface WorkflowJob extends TextRange {
  readonly id: Located;
  readonly runsOn: readonly Setting[];
  readonly if?: Setting;
  readonly environment?: TextRange & { readonly name?: Setting };
  readonly permissions?: WorkflowPermissions;
  readonly env: readonly NamedSetting[];
  readonly needs: readonly Setting[];
  /** A reusable workflow. */
  readonly uses?: Setting;
  readonly with: readonly NamedSetting[];
  readonly secrets?: TextRange & { readonly inherit: boolean };
  readonly container?: Setting;
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep extends TextRange {
  readonly id?: Setting;
  readonly name?: Setting;
  readonly if?: Setting;
  readonly uses?: Setting;
  /** The script; offsets inside it are exact only relative to the token, so search expressions in the file's text. */
  readonly run?: Setting;
  readonly shell?: Setting;
  readonly workingDirectory?: Setting;
  readonly with: readonly NamedSetting[];
  readonly env: readonly NamedSetting[];
  /** Each `${{ … }}` in `run`, in `with` or in `env`, with its place in the file. */
  readonly expressions: readonly WorkflowExpression[];
}

export interface WorkflowExpression extends TextRange {
  readonly in: 'run' | 'with' | 'env';
  /** The key below `with` or `env`. */
  readonly key?: string;
  /** What is between the braces, trimmed. */
  readonly text: string;
}
