import type { Located, NamedSetting, Setting, TextRange } from '../document.ts';
import type { ArtefactBase, CommandLine } from './base.ts';

export interface DockerFrom extends TextRange {
  /** The image as written, variables included. */
  readonly image: Located;
  /** The image with the defaults of `ARG` before the first `FROM` filled in; absent if a variable has no default. */
  readonly resolved?: string;
  /** Repository with registry, without tag and digest, of the resolved image. */
  readonly repository?: string;
  /** The tag of the resolved image; its range is that of the whole image if a variable supplies it. */
  readonly tag?: Located;
  readonly digest?: Located;
  /** Index of the earlier stage that this one continues. */
  readonly stageRef?: number;
  readonly platform?: Located;
}

export interface DockerCopy extends TextRange {
  readonly keyword: 'COPY' | 'ADD';
  readonly from?: Located;
  /** Index of the stage that `from` names. */
  readonly fromStage?: number;
  readonly sources: readonly Located[];
  readonly dest?: Located;
  readonly flags: readonly (Located<string | null> & { readonly name: string })[];
}

export interface DockerRun extends CommandLine {
  readonly flags: readonly (Located<string | null> & { readonly name: string })[];
}

export interface DockerInstruction extends TextRange {
  readonly keyword: string;
  readonly arguments?: Located;
}

export interface DockerStage extends TextRange {
  readonly index: number;
  readonly name?: Located;
  readonly from: DockerFrom;
  /** The last `USER`, with its group if written. */
  readonly user?: Located;
  readonly workdirs: readonly Located[];
  readonly env: readonly NamedSetting[];
  readonly args: readonly { readonly name: Located; readonly value?: Setting }[];
  /** Ports as written, protocol included. */
  readonly expose: readonly Located[];
  /** The last one of the stage. */
  readonly entrypoint?: CommandLine;
  readonly cmd?: CommandLine;
  readonly healthcheck?: TextRange & {
    readonly disabled: boolean;
    readonly command?: CommandLine;
    readonly flags: readonly (Located<string | null> & { readonly name: string })[];
  };
  readonly copies: readonly DockerCopy[];
  readonly runs: readonly DockerRun[];
  readonly stopSignal?: Located;
  readonly instructions: readonly DockerInstruction[];
}

export interface DockerfileFacts extends ArtefactBase {
  readonly kind: 'dockerfile';
  /** `ARG` before the first `FROM`. */
  readonly globalArgs: readonly { readonly name: Located; readonly value?: Setting }[];
  readonly stages: readonly DockerStage[];
}

/** What a container of a stage really gets, inheritance through `FROM <earlier stage>` included. */
export interface EffectiveStage {
  readonly stage: DockerStage;
  /** The stage and the ones it continues, nearest first. */
  readonly chain: readonly DockerStage[];
  /** The image at the end of the chain. */
  readonly base: DockerFrom;
  readonly user?: Located;
  /** Absolute if any `WORKDIR` of the chain is. */
  readonly workdir?: string;
  readonly env: readonly NamedSetting[];
  readonly expose: readonly Located[];
  readonly entrypoint?: CommandLine;
  readonly cmd?: CommandLine;
  readonly healthcheck?: NonNullable<DockerStage['healthcheck']>;
}

/** The last stage, or the stage that `target` names, as a container gets it. */
export function finalStage(dockerfile: DockerfileFacts, target?: string): EffectiveStage | undefined {
  const stage = target
    ? dockerfile.stages.findLast(s => s.name?.value.toLowerCase() === target.toLowerCase())
    : dockerfile.stages.at(-1);
  if (!stage) return undefined;
  const chain = stageChain(dockerfile, stage);
  const owner = chain.find(s => s.entrypoint ?? s.cmd);
  const entrypoint = chain.find(s => s.entrypoint)?.entrypoint;
  // A stage that sets ENTRYPOINT resets the CMD that it would inherit.
  const cmd = owner?.entrypoint ? owner.cmd : chain.find(s => s.cmd)?.cmd;
  const user = chain.find(s => s.user)?.user;
  const healthcheck = chain.find(s => s.healthcheck)?.healthcheck;
  const workdir = joinWorkdirs(chain);
  return {
    stage,
    chain,
    base: chain.at(-1)!.from,
    env: chain.toReversed().flatMap(s => s.env),
    expose: chain.toReversed().flatMap(s => s.expose),
    ...(user && { user }),
    ...(workdir !== undefined && { workdir }),
    ...(entrypoint && { entrypoint }),
    ...(cmd && { cmd }),
    ...(healthcheck && { healthcheck }),
  };
}

function stageChain(dockerfile: DockerfileFacts, stage: DockerStage): DockerStage[] {
  const chain = [stage];
  for (let ref = stage.from.stageRef; ref !== undefined; ) {
    const next = dockerfile.stages[ref];
    if (!next || chain.includes(next)) break;
    chain.push(next);
    ref = next.from.stageRef;
  }
  return chain;
}

function joinWorkdirs(chain: readonly DockerStage[]): string | undefined {
  let current: string | undefined;
  for (const { value } of chain.toReversed().flatMap(s => s.workdirs)) {
    const dir = value.replace(/^(["'])(.*)\1$/, '$2');
    current = dir.startsWith('/') || current === undefined ? dir : `${current.replace(/\/$/, '')}/${dir}`;
  }
  return current;
}
