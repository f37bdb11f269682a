import { type FileFacts, type FunctionFact, MODULE } from '../../model/facts.ts';

/** Which functions of a file are the ones that were there before an edit. */
export interface Alignment {
  /** Old functions with what they are now, in the order of the text after the edit. */
  readonly pairs: readonly (readonly [old: FunctionFact, next: FunctionFact])[];
  readonly gone: readonly FunctionFact[];
  readonly come: readonly FunctionFact[];
  /** The number after the edit of what had this number before; undefined for what is gone. */
  idOf(old: number): number | undefined;
}

/**
 * Pairs the functions of a file before and after an edit, from the outermost inwards: those in front of the edit, those
 * behind it, and what is left in the order it stands in. A wrong pair is no mistake, only more work: it counts as changed.
 */
export function alignFunctions(old: FileFacts, next: FileFacts): Alignment {
  const inside = [childrenOf(old), childrenOf(next)] as const;
  const ids = new Map<number, number>();
  const pair = (a: FunctionFact, b: FunctionFact): void => {
    ids.set(a.id, b.id);
    const [one, other] = [inside[0].get(a.id) ?? [], inside[1].get(b.id) ?? []];
    const most = Math.min(one.length, other.length);
    let head = 0;
    while (head < most && isLike(one[head]!, other[head]!)) head++;
    let tail = 0;
    while (tail < most - head && isLike(one.at(-1 - tail)!, other.at(-1 - tail)!)) tail++;
    for (let at = 0; at < most - tail; at++) pair(one[at]!, other[at]!);
    for (let at = tail; at > 0; at--) pair(one.at(-at)!, other.at(-at)!);
  };
  pair(old.functions[MODULE]!, next.functions[MODULE]!);
  const now = new Set(ids.values());
  return {
    pairs: old.functions.flatMap(fn => (ids.has(fn.id) ? [[fn, next.functions[ids.get(fn.id)!]!] as const] : [])),
    gone: old.functions.filter(fn => !ids.has(fn.id)),
    come: next.functions.filter(fn => !now.has(fn.id)),
    idOf: id => ids.get(id),
  };
}

/** The same kind of function with as long a text. */
function isLike(a: FunctionFact, b: FunctionFact): boolean {
  return a.kind === b.kind && a.name === b.name && a.p[1] - a.p[0] === b.p[1] - b.p[0];
}

function childrenOf({ functions }: FileFacts): Map<number, FunctionFact[]> {
  const out = new Map<number, FunctionFact[]>();
  for (const fn of functions) {
    const list = out.get(fn.parent);
    if (list) list.push(fn);
    else out.set(fn.parent, [fn]);
  }
  return out;
}
