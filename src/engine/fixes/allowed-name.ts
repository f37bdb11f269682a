import type { Reaching } from '../flow/findings.ts';
import type { FixDraft } from '../rules/rule.ts';
import { type Helper, readInPlace, wrapInHelper } from './in-place.ts';

const HELPER: Helper = {
  name: 'allowedName',
  needs: ['ALLOWED_NAMES'],
  lines: typescript => [
    '/** Names of tables and columns that may be asked for: none until they are listed here. */',
    `const ALLOWED_NAMES = new Set${typescript ? '<string>' : ''}([]);`,
    '',
    '/** A name, if it is one of those. */',
    `function allowedName(name${typescript ? ': string' : ''})${typescript ? ': string' : ''} {`,
    "  if (!ALLOWED_NAMES.has(name)) throw new Error('Not a name that may be asked for');",
    '  return name;',
    '}',
  ],
};

/** Takes names for a text of SQL from a list only, which is empty: until they are listed, every query fails. */
export function allowedNames(reached: Reaching): FixDraft[] {
  return wrapInHelper('Take names of a list only', 'suggest', readInPlace(reached) ?? [], HELPER);
}
