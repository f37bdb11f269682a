import type { Reaching } from '../flow/findings.ts';
import type { FixDraft } from '../rules/rule.ts';
import { type Helper, readInPlace, wrapInHelper } from './in-place.ts';

const HELPER: Helper = {
  name: 'escapeRegExp',
  lines: typescript => [
    `function escapeRegExp(text${typescript ? ': string' : ''})${typescript ? ': string' : ''} {`,
    "  return text.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\\\$&');",
    '}',
  ],
};

/** Takes a text for what it says where it is put into a pattern; only values that are read right there. */
export function escapeInPattern(reached: Reaching): FixDraft[] {
  const places = readInPlace(reached) ?? [];
  return wrapInHelper('Escape it', 'auto', places, HELPER);
}
