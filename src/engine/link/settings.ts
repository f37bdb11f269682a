import type { Config } from '../config/config.ts';

/** What a team has taught about its project. Everything here is optional help. */
export interface ModelSettings {
  /** Tests, fixtures, examples, scripts, seeds and migrations count as source. */
  readonly allFiles: boolean;
  /** The configuration that holds for a folder. */
  configOf(folder: string): Config;
  /** Milliseconds, to measure where the time goes; the engine has no clock of its own. */
  readonly now?: () => number;
}

export const DEFAULT_SETTINGS: ModelSettings = { allFiles: false, configOf: () => ({}) };
