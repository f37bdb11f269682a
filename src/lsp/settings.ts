import { CONFIDENCES, type Finding, SEVERITIES } from '../engine/model/finding.ts';
import type { AiSettings } from './protocol.ts';

/** The settings under `underpin.` that the server reads; names and defaults are those of package.json. */
export interface ServerSettings {
  readonly enable: boolean;
  readonly scope: 'all' | 'changed';
  /** Git ref that `scope: changed` compares with; empty means the default branch. */
  readonly compareWith: string;
  readonly minimumSeverity: Finding['severity'];
  readonly minimumConfidence: Finding['confidence'];
  /** How many diagnostics of one rule one file shows; 0 means all of them. */
  readonly maximumPerRule: number;
  readonly hover: boolean;
  readonly codeLens: boolean;
  readonly ai: AiSettings;
}

export const DEFAULT_SETTINGS: ServerSettings = {
  enable: true,
  scope: 'all',
  compareWith: '',
  minimumSeverity: 'hint',
  minimumConfidence: 'medium',
  maximumPerRule: 3,
  hover: true,
  codeLens: false,
  ai: { provider: 'none', baseUrl: '', model: '', timeoutSeconds: 60 },
};

const AI_PROVIDERS = ['none', 'vscode', 'openai'] as const;

/** Settings as a client sent them; whatever is missing or of the wrong type takes its default. */
export function toSettings(raw: unknown): ServerSettings {
  const given = isRecord(raw) ? raw : {};
  const ai = isRecord(given.ai) ? given.ai : {};
  const preset = DEFAULT_SETTINGS;
  return {
    enable: flag(given.enable, preset.enable),
    scope: oneOf(['all', 'changed'] as const, given.scope, preset.scope),
    compareWith: text(given.compareWith, preset.compareWith),
    minimumSeverity: oneOf(SEVERITIES, given.minimumSeverity, preset.minimumSeverity),
    minimumConfidence: oneOf(CONFIDENCES, given.minimumConfidence, preset.minimumConfidence),
    maximumPerRule: count(given.maximumPerRule, preset.maximumPerRule),
    hover: flag(given.hover, preset.hover),
    codeLens: flag(given.codeLens, preset.codeLens),
    ai: {
      provider: oneOf(AI_PROVIDERS, ai.provider, preset.ai.provider),
      baseUrl: text(ai.baseUrl, preset.ai.baseUrl),
      model: text(ai.model, preset.ai.model),
      timeoutSeconds: count(ai.timeoutSeconds, preset.ai.timeoutSeconds),
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function flag(value: unknown, preset: boolean): boolean {
  return typeof value === 'boolean' ? value : preset;
}

function text(value: unknown, preset: string): string {
  return typeof value === 'string' ? value.trim() : preset;
}

function count(value: unknown, preset: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : preset;
}

function oneOf<const T extends string>(allowed: readonly T[], value: unknown, preset: T): T {
  return allowed.find(each => each === value) ?? preset;
}
