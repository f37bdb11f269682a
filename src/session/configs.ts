import { folderOf } from '../common/path.ts';
import { CONFIG_FILE, type Config } from '../engine/config/config.ts';
import { type ConfigLookup, configLookup } from '../engine/config/lookup.ts';
import { parseConfig } from '../engine/config/parse.ts';
import type { Problem } from '../engine/model/finding.ts';
import type { OuterConfig } from './above.ts';

/** The texts of configuration files by their path, and of those above the workspace. */
export interface ConfigTexts {
  readonly configs: ReadonlyMap<string, string>;
  readonly outerConfigs: readonly OuterConfig[];
}

export interface Configs {
  readonly lookup: ConfigLookup;
  readonly problems: readonly Problem[];
}

export function isConfigFile(path: string): boolean {
  return path === CONFIG_FILE || path.endsWith(`/${CONFIG_FILE}`);
}

/** The same, read again only when a text is another one: what goes on from the last analysis asks for the same settings. */
export function createConfigReader(ruleIds: ReadonlySet<string>): (texts: ConfigTexts) => Configs {
  let known: Configs | undefined;
  let last = '';
  return texts => {
    const key = JSON.stringify([[...texts.configs], texts.outerConfigs]);
    if (!known || key !== last) {
      known = readConfigs(texts, ruleIds);
      last = key;
    }
    return known;
  };
}

/** Reads every configuration file of a workspace; a broken one is told and counts as absent. */
export function readConfigs({ configs: texts, outerConfigs }: ConfigTexts, ruleIds?: ReadonlySet<string>): Configs {
  const configs = new Map<string, Config>();
  const problems: Problem[] = [];
  for (const [path, text] of texts) {
    const { config, problems: own } = parseConfig(path, text, ruleIds);
    problems.push(...own);
    if (config) configs.set(folderOf(path), config);
  }
  const outer = outerConfigs.flatMap(({ path, prefix, text }) => {
    const { config, problems: own } = parseConfig(path, text, ruleIds);
    problems.push(...own);
    return config ? [{ prefix, config }] : [];
  });
  return { lookup: configLookup(configs, outer), problems };
}
