import { join } from 'node:path';
import { CONFIG_FILE, type Config } from '../engine/config/config.ts';
import { closest } from '../engine/config/validate.ts';
import { HYGIENE_RULES } from '../engine/findings/hygiene.ts';
import { outerConfigs } from '../session/above.ts';
import type { RuleInfo } from '../session/api.ts';
import { readConfigs } from '../session/configs.ts';
import { CliError } from './exit.ts';
import { readTextFile } from './files.ts';

/** The configuration of the scanned folder; a mistake in it ends the command before anything is scanned. */
export async function rootConfig(root: string, rules: readonly RuleInfo[]): Promise<Config> {
  const text = await readTextFile(join(root, CONFIG_FILE));
  const configs = new Map(text === undefined ? [] : [[CONFIG_FILE, text]]);
  const { lookup, problems } = readConfigs({ configs, outerConfigs: outerConfigs(root) }, ruleIds(rules));
  if (problems.length > 0) throw new CliError(problems.map(({ message }) => message).join('\n'));
  return lookup.configOf('');
}

export function ruleIds(rules: readonly RuleInfo[]): Set<string> {
  return new Set([...rules.map(rule => rule.id), ...HYGIENE_RULES.map(rule => rule.id)]);
}

/** Ids given on the command line, each of which must exist. */
export function knownRules(given: readonly string[], rules: readonly RuleInfo[]): ReadonlySet<string> {
  const known = ruleIds(rules);
  for (const id of given) if (!known.has(id)) throw new CliError(`There is no rule "${id}"; ${hintAt(id, [...known])}`);
  return new Set(given);
}

/** Most often the topic before the slash was left out. */
function hintAt(id: string, known: readonly string[]): string {
  const near = known.find(one => one.endsWith(`/${id}`)) ?? closest(id, known);
  return near === undefined ? '"underpin rules" lists them.' : `did you mean "${near}"?`;
}
