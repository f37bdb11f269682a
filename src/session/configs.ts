import { folderOf } from '../common/path.ts';
import { CONFIG_FILE, type Config } from '../engine/config/config.ts';
import { type ConfigLookup, configLookup } from '../engine/config/lookup.ts';
import { parseConfig } from '../engine/config/parse.ts';
import type { Problem } from '../engine/model/finding.ts';

export interface Configs {
  readonly lookup: ConfigLookup;
  readonly problems: readonly Problem[];
}

export function isConfigFile(path: string): boolean {
  return path === CONFIG_FILE || path.endsWith(`/${CONFIG_FILE}`);
}

/** The same, read again only when a text is another one: what goes on from the last analysis asks for the same settings. */
export function createConfigReader(ruleIds: ReadonlySet<string>): (texts: ReadonlyMap<string, string>) => Configs {
  let known: Configs | undefined;
  let last = '';
  return texts => {
    const key = JSON.stringify([...texts]);
    if (!known || key !== last) {
      known = readConfigs(texts, ruleIds);
      last = key;
    }
    return known;
  };
}

/** Reads every configuration file of a workspace; a broken one is told and counts as absent. */
export function readConfigs(texts: ReadonlyMap<string, string>, ruleIds: ReadonlySet<string>): Configs {
  const configs = new Map<string, Config>();
  const problems: Problem[] = [];
  for (const [path, text] of texts) {
    const { config, problems: own } = parseConfig(path, text, ruleIds);
    problems.push(...own);
    if (config) configs.set(folderOf(path), config);
  }
  return { lookup: configLookup(configs), problems };
}
