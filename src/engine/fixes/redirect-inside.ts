import type { Reaching } from '../flow/findings.ts';
import type { FixDraft } from '../rules/rule.ts';
import { type Helper, wrapInHelper } from './in-place.ts';

const HELPER: Helper = {
  name: 'ownPath',
  lines: typescript => [
    '/** The path of an address on this site, or the home page for any other address. */',
    `function ownPath(target${typescript ? ': string' : ''})${typescript ? ': string' : ''} {`,
    "  const site = 'http://this.invalid';",
    '  try {',
    '    const url = new URL(target, site);',
    "    return url.origin === site ? url.pathname.replace(/^\\/+/, '/') + url.search + url.hash : '/';",
    '  } catch {',
    "    return '/';",
    '  }',
    '}',
  ],
};

/** The address of a client that signs people in here: it is meant to be elsewhere. */
const OF_OTHERS = /redirect_?uri/i;

/** Sends the browser nowhere but to pages of one's own; for targets that come from the request as a whole. */
export function redirectInside({ span, flows }: Reaching): FixDraft[] {
  if (flows.some(({ before }) => before !== '')) return [];
  const kind = flows.some(({ source }) => OF_OTHERS.test(source.text)) ? 'suggest' : 'auto';
  return wrapInHelper('Redirect within this site only', kind, [span], HELPER);
}
