import { join } from 'node:path';
import { CONFIG_FILE, type Config } from '../engine/config/config.ts';
import { parseConfig } from '../engine/config/parse.ts';
import { closest } from '../engine/config/validate.ts';
import { HYGIENE_RULES } from '../engine/findings/hygiene.ts';
import type { RuleInfo } from '../session/api.ts';
import { CliError } from './exit.ts';
import { readTextFile } from './files.ts';

/** The configuration of the scanned folder itself; a mistake in it ends the command before anything is scanned. */
export async function rootConfig(root: string, rules: readonly RuleInfo[]): Promise<Config> {
  const text = await readTextFile(join(root, CONFIG_FILE));
  if (text === undefined) return {};
  const { config, problems } = parseConfig(CONFIG_FILE, text, ruleIds(rules));
  if (!config) throw new CliError(problems.map(({ message }) => message).join('\n'));
  return config;
}

export function ruleIds(rules: readonly RuleInfo[]): Set<string> {
  return new Set([...rules.map(rule => rule.id), ...HYGIENE_RULES.map(rule => rule.id)]);
}

/** Ids given on the command line, each of which must exist. */
export function knownRules(given: readonly string[], rules: readonly RuleInfo[]): ReadonlySet<string> {
  const known = ruleIds(rules);
  for (const id of given) {
    if (known.has(id)) continue;
    const near = closest(id, [...known]);
    throw new CliError(
      `There is no rule "${id}"${near === undefined ? '; "underpin rules" lists them' : `; did you mean "${near}"?`}`,
    );
  }
  return new Set(given);
}
