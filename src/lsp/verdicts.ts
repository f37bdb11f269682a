import type { Aspect, InputPart, RouteInfo, Verdict } from '../session/api.ts';

export { answers, isOpen } from '../session/api.ts';

/** The four questions asked of every route, in the order they are shown. */
export const ASPECTS: readonly { readonly id: Aspect; readonly label: string }[] = [
  { id: 'auth', label: 'Authentication' },
  { id: 'authorization', label: 'Authorization' },
  { id: 'validation', label: 'Validation' },
  { id: 'rateLimit', label: 'Rate limit' },
];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'no', unknown: 'cannot tell' };

type Judged = Pick<RouteInfo, 'verdicts' | 'input' | 'isPublic' | 'partial'>;

/** A route's verdicts in a few words each, for one line: `auth yes`, `validated body`, `rate limited`. */
export function routeWords({ verdicts, input, isPublic, partial }: Judged): string[] {
  const parts = (verdict: Verdict): string =>
    (Object.entries(input) as [InputPart, Verdict][])
      .flatMap(([part, own]) => (own === verdict ? [part] : []))
      .join(', ');
  const auth = verdicts.auth === 'unknown' ? 'auth cannot tell' : `auth ${verdicts.auth}`;
  return [
    isPublic ? 'public' : auth,
    parts('yes') && `validated ${parts('yes')}`,
    parts('no') && `unchecked ${parts('no')}`,
    verdicts.rateLimit === 'yes' && 'rate limited',
    partial && 'incomplete',
  ].filter(word => typeof word === 'string' && word !== '') as string[];
}
