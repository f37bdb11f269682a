import type { Expr } from '../../model/facts.ts';

/** The value of a property of an object literal, casts left out; undefined if it is not one or has no such property. */
export function optionOf(e: Expr | undefined, ...path: readonly string[]): Expr | undefined {
  let at = e;
  for (const name of path) {
    while (at?.k === 'as') at = at.e;
    if (at?.k !== 'obj') return undefined;
    const property = at.props.findLast(one => one.k === 'prop' && one.n === name);
    at = property?.k === 'prop' ? property.v : undefined;
  }
  return at;
}
