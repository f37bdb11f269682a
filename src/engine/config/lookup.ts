import picomatch from 'picomatch';
import { folderOf, isInside } from '../../common/path.ts';
import type { Confidence, Severity } from '../model/finding.ts';
import type { Config, RuleSetting } from './config.ts';
import { fromAbove } from './outer.ts';

export const DEFAULT_MIN_CONFIDENCE: Confidence = 'medium';

/** What a configuration says of one rule; what is absent stays as the rule says. */
export interface RuleChoice {
  readonly enabled?: boolean;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

export interface FileSettings {
  /** False if `include` or `exclude` of the folder's configuration leaves the file out of reports. */
  readonly reported: boolean;
  readonly minConfidence: Confidence;
  rule(ruleId: string): RuleChoice;
}

export interface ConfigLookup {
  /** Settings of a file (workspace-relative POSIX path). */
  settingsOf(file: string): FileSettings;
  /** The configuration of a folder: keys of the nearest file win over those of files above. */
  configOf(folder: string): Config;
  /** What no prompt may hold, of all files together, in .gitignore syntax as seen from the workspace. */
  readonly denied: readonly string[];
}

/** A configuration file above the workspace, which is `prefix` seen from there. */
export interface Outer {
  readonly prefix: string;
  readonly config: Config;
}

/**
 * `configs` maps the folder of each configuration file ('' for the workspace root) to its content; `outer` are those
 * above the workspace, the outermost first.
 */
export function configLookup(configs: ReadonlyMap<string, Config>, outer: readonly Outer[] = []): ConfigLookup {
  const above = outer.map(({ prefix, config }) => toLayer(file => `${prefix}/${file}`, fromAbove(config, prefix)));
  const layers = new Map(
    [...configs].map(([folder, config]) => [
      folder,
      toLayer(file => (folder === '' ? file : file.slice(folder.length + 1)), config),
    ]),
  );
  const folders = [...configs.keys()].sort((left, right) => left.length - right.length);
  const chains = new Map<string, Layer[]>();
  const known = new Map<string, FileSettings>();
  const merges = new Map<string, Config>();

  return {
    denied: [
      ...above.flatMap(({ config }) => config.ai?.deny ?? []),
      ...folders.flatMap(folder => configs.get(folder)?.ai?.deny?.map(line => deniedBelow(folder, line)) ?? []),
    ],
    settingsOf(file) {
      const cached = known.get(file);
      if (cached) return cached;
      const settings = resolve(chainOf(folderOf(file)), file);
      known.set(file, settings);
      return settings;
    },
    configOf(folder) {
      const cached = merges.get(folder);
      if (cached) return cached;
      let merged: Config = {};
      for (const { config } of chainOf(folder)) {
        merged = {
          ...merged,
          ...config,
          rules: { ...merged.rules, ...config.rules },
          facts: { ...merged.facts, ...config.facts },
          ...(merged.flow || config.flow ? { flow: { ...merged.flow, ...config.flow } } : {}),
        };
      }
      merges.set(folder, merged);
      return merged;
    },
  };

  function chainOf(folder: string): Layer[] {
    let chain = chains.get(folder);
    if (!chain) {
      const own = folders.filter(owner => isInside(owner, folder)).flatMap(owner => layers.get(owner) ?? []);
      chain = [...above, ...own];
      chains.set(folder, chain);
    }
    return chain;
  }
}

/** A line of .gitignore syntax that counts from a folder, as one that counts from the workspace. */
function deniedBelow(folder: string, line: string): string {
  if (folder === '') return line;
  const [, not = '', pattern = ''] = /^(!?)(.*)$/.exec(line) ?? [];
  const isAnchored = pattern.replace(/\/$/, '').includes('/');
  const literal = folder.replace(/[[\]*?!#\\ ]/g, '\\$&');
  return `${not}/${literal}/${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`;
}

/** A configuration with its globs made ready; `matches` take workspace-relative paths. */
interface Layer {
  readonly config: Config;
  readonly include: Matcher | undefined;
  readonly exclude: Matcher | undefined;
  readonly overrides: readonly { readonly matches: Matcher; readonly at: number }[];
}

type Matcher = (file: string) => boolean;
type Relative = (file: string) => string;

/** `relative` gives the path of a file of the workspace as seen from the configuration. */
function toLayer(relative: Relative, config: Config): Layer {
  return {
    config,
    include: config.include && matcher(relative, config.include),
    exclude: config.exclude && matcher(relative, config.exclude),
    overrides: (config.overrides ?? []).map(({ files }, at) => ({ matches: matcher(relative, files), at })),
  };
}

/** Globs are relative to the folder of their file; a glob without a slash matches at any depth, as in .gitignore. */
function matcher(relative: Relative, globs: readonly string[]): Matcher {
  const patterns = globs.map(glob => {
    const clean = glob.replace(/^\.\//, '').replace(/\/$/, '/**');
    return clean.includes('/') ? clean.replace(/^\//, '') : `**/${clean}`;
  });
  const matches = patterns.map(pattern => picomatch([pattern, `${pattern}/**`], { dot: true }));
  return file => matches.some(isMatch => isMatch(relative(file)));
}

function resolve(chain: readonly Layer[], file: string): FileSettings {
  let include: Matcher | undefined;
  let exclude: Matcher | undefined;
  let minConfidence = DEFAULT_MIN_CONFIDENCE;
  const choices = new Map<string, RuleChoice>();

  for (const layer of chain) {
    include = layer.include ?? include;
    exclude = layer.exclude ?? exclude;
    const sections = [
      layer.config,
      ...layer.overrides.flatMap(({ matches, at }) => (matches(file) ? (layer.config.overrides?.[at] ?? []) : [])),
    ];
    for (const section of sections) {
      minConfidence = section.minConfidence ?? minConfidence;
      for (const [id, setting] of Object.entries(section.rules ?? {})) {
        choices.set(id, { ...choices.get(id), ...toChoice(setting) });
      }
    }
  }
  return {
    reported: (include?.(file) ?? true) && !(exclude?.(file) ?? false),
    minConfidence,
    rule: ruleId => choices.get(ruleId) ?? {},
  };
}

function toChoice(setting: RuleSetting): RuleChoice {
  const { severity, confidence } =
    typeof setting === 'string' ? { severity: setting } : (setting as Exclude<RuleSetting, string>);
  if (severity === 'off') return { enabled: false };
  return { ...(severity === undefined ? {} : { enabled: true, severity }), ...(confidence ? { confidence } : {}) };
}
