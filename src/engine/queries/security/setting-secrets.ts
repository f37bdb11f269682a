import { type SecretHint, secretHint } from '../../../common/secret-names.ts';
import { isDeployFile } from '../../link/deploy-files.ts';
import type { Model } from '../../link/model.ts';
import type { TextRange } from '../../model/document.ts';
import type { Span } from '../../model/span.ts';
import { settingEntries } from './setting-entries.ts';

/** A secret that a file of settings (compose, Dockerfile, manifest, function, worker, workflow) states as plain text. */
export interface SettingSecret extends SecretHint {
  readonly name: string;
  readonly span: Span;
}

/** Settings that look like live secrets; of files for development only what a provider's format proves. */
export function settingSecrets(model: Model): SettingSecret[] {
  const out: SettingSecret[] = [];
  const push = (file: string, name: string, { start, end }: TextRange, hint: SecretHint, local: boolean): void => {
    const byName = hint.format === undefined || hint.format === 'url-credentials';
    if (byName && (local || !isDeployFile(file))) return;
    out.push({ ...hint, name, span: { file, start, end } });
  };
  for (const { file, name, value, local } of settingEntries(model)) {
    if (!name.value || typeof value?.value !== 'string') continue;
    const hint = secretHint(name.value, value.value.replace(/^(["'])(.*)\1$/, '$2'));
    if (hint) push(file, name.value, value, hint, local);
  }
  for (const { path, facts } of model.project.artefactsOf('kubernetes')) {
    if (!model.isJudged(path) && !isDeployFile(path)) continue;
    for (const resource of facts.resources) {
      if (resource.type !== 'secret') continue;
      for (const { name, value, ...hint } of resource.exposed ?? []) push(path, name.value, value, hint, false);
    }
  }
  return out;
}
