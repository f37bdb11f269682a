import { isSecretName, looksRandom, type SecretHint, secretHint } from '../../common/secret-names.ts';
import type { ComposeFacts } from '../model/artefacts/compose.ts';
import type { DockerfileFacts } from '../model/artefacts/dockerfile.ts';
import type { KubernetesFacts } from '../model/artefacts/kubernetes.ts';
import type { Located, TextRange } from '../model/document.ts';
import type { Span } from '../model/span.ts';
import { isDeployFile } from './deploy-files.ts';
import type { Model } from './model.ts';

/** A secret that a file of settings (compose, Dockerfile, manifest, function, worker, workflow) states as plain text. */
export interface SettingSecret extends SecretHint {
  readonly name: string;
  readonly span: Span;
}

interface Entry {
  readonly name: Located<string | null>;
  readonly value?: (TextRange & { readonly value: unknown }) | undefined;
}

const WEAK_URL = /:\/\/(?:(\w+):\1|\w+:(?:password|pass|root|admin|secret)\w{0,4})@/i;

/** Settings that look like live secrets; of files for development only what a provider's format proves. */
export function settingSecrets(model: Model): SettingSecret[] {
  const out: SettingSecret[] = [];
  const add = (file: string, { name, value }: Entry, only?: 'formats'): void => {
    if (!name.value || typeof value?.value !== 'string') return;
    const hint = secretHint(name.value, value.value.replace(/^(["'])(.*)\1$/, '$2'));
    if (hint) push(file, name.value, value, hint, only);
  };
  const push = (file: string, name: string, { start, end }: TextRange, hint: SecretHint, only?: 'formats'): void => {
    const byName = hint.format === undefined || hint.format === 'url-credentials';
    if (byName && (only || !isDeployFile(file))) return;
    out.push({ ...hint, name, span: { file, start, end } });
  };
  const { project } = model;
  const judged = <T extends { readonly path: string }>(files: readonly T[]): readonly T[] =>
    files.filter(({ path }) => model.isJudged(path) || isDeployFile(path));

  for (const { path, facts } of judged(project.artefactsOf('compose'))) {
    const only = isLocalStack(facts) ? 'formats' : undefined;
    for (const { environment, build } of facts.services)
      for (const entry of [...environment, ...(build?.args ?? [])]) add(path, entry, only);
  }
  for (const { path, facts } of judged(project.artefactsOf('dockerfile')))
    for (const entry of dockerEntries(facts)) add(path, entry);
  for (const { path, facts } of judged(project.artefactsOf('kubernetes'))) {
    for (const entry of containerEntries(facts)) add(path, entry);
    for (const resource of facts.resources) {
      if (resource.type === 'config-map') for (const entry of resource.data) add(path, entry);
      if (resource.type !== 'secret') continue;
      for (const { name, value, ...hint } of resource.exposed ?? []) push(path, name.value, value, hint);
    }
  }
  for (const { path, facts } of judged(project.artefactsOf('serverless')))
    for (const { environment } of [facts.provider, ...facts.functions])
      for (const entry of environment) add(path, entry);
  for (const { path, facts } of judged(project.artefactsOf('sam')))
    for (const { environment } of [facts.globals, ...facts.functions])
      for (const entry of environment) add(path, entry);
  for (const { path, facts } of judged(project.artefactsOf('wrangler')))
    for (const { bindings } of [facts, ...facts.environments])
      for (const entry of bindings) if (entry.type === 'vars') add(path, entry);
  for (const { path, facts } of project.artefactsOf('github-workflow'))
    for (const { env } of [facts, ...facts.jobs, ...facts.jobs.flatMap(job => job.steps)])
      for (const entry of env) add(path, entry, 'formats');
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
