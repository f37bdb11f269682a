import type { ExprOf, Pattern } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { maskOf } from './kinds.ts';
import { prove } from './state.ts';
import type { Origin, Taint } from './taint.ts';
import { evidence, type Walk } from './walk.ts';

/** The rest of a row without its secret is no secret. */
export function withoutKeys(value: Taint, props: (Pattern & { readonly k: 'pobj' })['props']): Taint {
  const isTaken = ({ root }: Origin): boolean =>
    root.k === 'source' && root.label === 'stored' && props.some(({ key }) => key === root.part);
  return value.own.some(isTaken) ? { own: value.own.filter(one => !isTaken(one)), fields: value.fields } : value;
}

/** `delete user.password`, `user.password = undefined`: the row can be shown from here on. */
export function removeSecret(walk: Walk, { o, n, p }: ExprOf<'mem'>): void {
  for (const origin of flowOf(walk, o).own)
    if (origin.root.k === 'source' && origin.root.label === 'stored' && origin.root.part === n)
      prove(walk.state, origin, maskOf('answer'), evidence(walk, p, 'taken out here'));
}
