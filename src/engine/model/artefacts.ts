import type { GraphqlFacts, OpenApiFacts } from './artefacts/api.ts';
import type { ComposeFacts } from './artefacts/compose.ts';
import type { PrismaFacts, SqlFacts } from './artefacts/data.ts';
import type { DockerfileFacts } from './artefacts/dockerfile.ts';
import type { KubernetesFacts } from './artefacts/kubernetes.ts';
import type {
  ConfigFacts,
  EnvFileFacts,
  HelmTemplateFacts,
  LockfileFacts,
  PackageJsonFacts,
  ProcfileFacts,
  ShellFacts,
  TemplateFacts,
  TsconfigFacts,
} from './artefacts/project.ts';
import type { SamFacts, ServerlessFacts, WranglerFacts } from './artefacts/serverless.ts';
import type { WorkflowFacts } from './artefacts/workflow.ts';

/**
 * What one artefact file states, as plain JSON. All positions are UTF-16 offsets into the file as it is (with its BOM and
 * its line ends); a scalar's range covers the whole token including quotes.
 */
export type ArtefactFacts =
  | PackageJsonFacts
  | LockfileFacts
  | TsconfigFacts
  | ConfigFacts
  | DockerfileFacts
  | KubernetesFacts
  | HelmTemplateFacts
  | ComposeFacts
  | ServerlessFacts
  | SamFacts
  | WranglerFacts
  | OpenApiFacts
  | GraphqlFacts
  | PrismaFacts
  | SqlFacts
  | WorkflowFacts
  | EnvFileFacts
  | ProcfileFacts
  | TemplateFacts
  | ShellFacts;

export type ArtefactKind = ArtefactFacts['kind'];

export type ArtefactOf<K extends ArtefactKind> = Extract<ArtefactFacts, { readonly kind: K }>;
