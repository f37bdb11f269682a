import type { ApiValue } from '../../link/values.ts';

/** The name of the method whose call gave a value. */
export function methodOf(value: ApiValue): string {
  const callee = value.from?.path ?? '';
  return callee.slice(Math.max(callee.lastIndexOf('#'), callee.lastIndexOf('.')) + 1);
}

/** The calls of a fluent chain from its beginning, those of a chain it was joined with included. */
export function linksOf(value: ApiValue): ApiValue[] {
  const out: ApiValue[] = [];
  for (let at: ApiValue | undefined = value; at?.made; at = at.from?.from) {
    const joined = /concat$/i.test(methodOf(at)) ? at.made.args[0] : undefined;
    out.unshift(...(joined?.k === 'api' ? linksOf(joined) : []), at);
  }
  return out;
}
