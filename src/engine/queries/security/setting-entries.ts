import { isSecretName, looksRandom } from '../../../common/secret-names.ts';
import { isDeployFile } from '../../link/deploy-files.ts';
import type { Model } from '../../link/model.ts';
import type { ComposeFacts } from '../../model/artefacts/compose.ts';
import type { DockerfileFacts } from '../../model/artefacts/dockerfile.ts';
import type { KubernetesFacts } from '../../model/artefacts/kubernetes.ts';
import type { Located, TextRange } from '../../model/document.ts';

interface Entry {
  readonly name: Located<string | null>;
  readonly value?: (TextRange & { readonly value: unknown }) | undefined;
}

/** A variable that a file of settings (compose, Dockerfile, manifest, function, worker, workflow) gives to programs. */
export interface SettingEntry extends Entry {
  readonly file: string;
  /** Of a stack or a run that is not production. */
  readonly local: boolean;
}

const WEAK_URL = /:\/\/(?:(\w+):\1|\w+:(?:password|pass|root|admin|secret)\w{0,4})@/i;

/** Every variable of the settings that are judged, file by file. */
export function settingEntries(model: Model): SettingEntry[] {
  const out: SettingEntry[] = [];
  const add = (file: string, entries: readonly Entry[], local = false): void => {
    for (const { name, value } of entries) out.push({ file, name, value, local });
  };
  const { project } = model;
  const judged = <T extends { readonly path: string }>(files: readonly T[]): readonly T[] =>
    files.filter(({ path }) => model.isJudged(path) || isDeployFile(path));

  for (const { path, facts } of judged(project.artefactsOf('compose'))) {
    const local = isLocalStack(facts);
    for (const { environment, build } of facts.services) add(path, [...environment, ...(build?.args ?? [])], local);
  }
  for (const { path, facts } of judged(project.artefactsOf('dockerfile'))) add(path, dockerEntries(facts));
  for (const { path, facts } of judged(project.artefactsOf('kubernetes'))) {
    add(path, containerEntries(facts));
    for (const resource of facts.resources) if (resource.type === 'config-map') add(path, resource.data);
  }
  for (const { path, facts } of judged(project.artefactsOf('serverless')))
    for (const { environment } of [facts.provider, ...facts.functions]) add(path, environment);
  for (const { path, facts } of judged(project.artefactsOf('sam')))
    for (const { environment } of [facts.globals, ...facts.functions]) add(path, environment);
  for (const { path, facts } of judged(project.artefactsOf('wrangler')))
    for (const { bindings } of [facts, ...facts.environments])
      add(
        path,
        bindings.filter(one => one.type === 'vars'),
      );
  for (const { path, facts } of project.artefactsOf('github-workflow'))
    for (const { env } of [facts, ...facts.jobs, ...facts.jobs.flatMap(job => job.steps)]) add(path, env, true);
  return out;
}

/** A stack that starts with passwords that nobody would use elsewhere (`postgres:postgres`) runs on a desk. */
function isLocalStack({ development, services }: ComposeFacts): boolean {
  return (
    development ||
    services.some(({ environment }) =>
      environment.some(({ name, value }) => {
        const text = value?.value;
        if (!text || text.includes('$')) return false;
        return WEAK_URL.test(text) || (isSecretName(name.value) && !looksRandom(text, 3));
      }),
    )
  );
}

function dockerEntries({ globalArgs, stages }: DockerfileFacts): readonly Entry[] {
  return [...globalArgs, ...stages.flatMap(({ env, args }) => [...env, ...args])];
}

function containerEntries({ resources }: KubernetesFacts): readonly Entry[] {
  return resources.flatMap(resource =>
    resource.type === 'workload'
      ? [...resource.pod.containers, ...resource.pod.initContainers].flatMap(({ env }) => env)
      : [],
  );
}
