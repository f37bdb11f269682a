import type { RouteInfo, Verdict } from '../session/api.ts';

/** The four questions asked of every route, in the order they are shown. */
export const ASPECTS: readonly { readonly id: keyof RouteInfo['verdicts']; readonly label: string }[] = [
  { id: 'auth', label: 'Authentication' },
  { id: 'authorization', label: 'Authorization' },
  { id: 'validation', label: 'Validation' },
  { id: 'rateLimit', label: 'Rate limit' },
];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'no', unknown: 'cannot tell' };
