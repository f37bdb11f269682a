import { eachExprIn } from '../link/env.ts';
import { bodyMemo } from '../link/kept/fact-memo.ts';
import type { ExprOf, Pattern } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { maskOf } from './kinds.ts';
import { prove } from './state.ts';
import { clean, mapOrigins, type Origin, type Taint } from './taint.ts';
import { evidence, type Walk } from './walk.ts';

/** The rest of a row without its secret is no secret. */
export function withoutKeys(value: Taint, props: (Pattern & { readonly k: 'pobj' })['props']): Taint {
  const isTaken = ({ root }: Origin): boolean =>
    root.k === 'source' && root.label === 'stored' && props.some(({ key }) => key === root.part);
  return value.own.some(isTaken) ? { own: value.own.filter(one => !isTaken(one)), fields: value.fields } : value;
}

/** Names of objects that a function takes properties out of by their names: `for (const name of OURS) delete copy[name]`. */
const thinned = bodyMemo<ReadonlySet<string>>();

/** What a copy keeps whose columns are thinned out by a list: which of them nobody may write was thought of. */
export function copied({ fn }: Walk, name: string, value: Taint): Taint {
  let names = thinned.get(fn);
  if (!names) {
    const found = new Set<string>();
    eachExprIn(fn, e => {
      if (e.k === 'un' && e.op === 'delete' && e.e.k === 'idx' && e.e.i.k === 'id' && e.e.o.k === 'id')
        found.add(e.e.o.n);
    });
    names = found;
    thinned.set(fn, names);
  }
  return names.has(name) ? mapOrigins(value, origin => clean(origin, maskOf('record'), undefined)) : value;
}

/** `delete user.password`, `user.password = undefined`: the row can be shown from here on. */
export function removeSecret(walk: Walk, { o, n, p }: ExprOf<'mem'>): void {
  for (const origin of flowOf(walk, o).own)
    if (origin.root.k === 'source' && origin.root.label === 'stored' && origin.root.part === n)
      prove(walk.state, origin, maskOf('answer'), evidence(walk, p, 'taken out here'));
}
