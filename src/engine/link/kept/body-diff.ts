import type { Stmt } from '../../model/facts.ts';

/** Lists of statements directly inside a statement, by the key they stand under. */
const BLOCKS: { readonly [K in Stmt['k']]?: readonly string[] } = {
  if: ['a', 'b'],
  try: ['body', 'handler', 'fin'],
  loop: ['body'],
  block: ['body'],
};

/** Where a list of statements differs from the one after an edit: between what both begin with and what both end with. */
export interface BodyDiff {
  readonly old: readonly Stmt[];
  readonly next: readonly Stmt[];
  /** Statements at the start and at the end that say the same. */
  readonly head: number;
  readonly tail: number;
  /** One statement changed, and in these lists of its own only. */
  readonly inner: ReadonlyMap<string, BodyDiff> | undefined;
}

type Alike = (a: unknown, b: unknown) => boolean;

export function diffBodies(old: readonly Stmt[], next: readonly Stmt[], alike: Alike): BodyDiff {
  const most = Math.min(old.length, next.length);
  let head = 0;
  while (head < most && alike(old[head], next[head])) head++;
  let tail = 0;
  while (tail < most - head && alike(old.at(-1 - tail), next.at(-1 - tail))) tail++;
  const isOne = old.length === next.length && head + tail === old.length - 1;
  return { old, next, head, tail, inner: isOne ? innerDiff(old[head]!, next[head]!, alike) : undefined };
}

function innerDiff(old: Stmt, next: Stmt, alike: Alike): ReadonlyMap<string, BodyDiff> | undefined {
  const keys = BLOCKS[old.k] ?? [];
  const [{ ...a }, { ...b }] = [old, next] as unknown as Record<string, unknown>[];
  const out = new Map<string, BodyDiff>();
  for (const key of keys) {
    const [one, other] = [a[key], b[key]] as (readonly Stmt[] | undefined)[];
    if (!one || !other) continue;
    if (!alike(one, other)) out.set(key, diffBodies(one, other, alike));
    delete a[key];
    delete b[key];
  }
  return out.size > 0 && alike({ ...a, p: undefined }, { ...b, p: undefined }) ? out : undefined;
}

/** Statements that an edit took away, and those it brought. */
export function changedStatements({ old, next, head, tail, inner }: BodyDiff): { gone: Stmt[]; come: Stmt[] } {
  if (!inner) return { gone: old.slice(head, old.length - tail), come: next.slice(head, next.length - tail) };
  const parts = [...inner.values()].map(changedStatements);
  return { gone: parts.flatMap(one => one.gone), come: parts.flatMap(one => one.come) };
}

/** The list after an edit, in which every statement that says the same is the old one; `move` brings it up to date. */
export function mergeBodies(diff: BodyDiff, move: (old: unknown, next: unknown) => void): Stmt[] {
  const { old, next, head, tail, inner } = diff;
  const out: Stmt[] = [...next];
  for (let at = 0; at < next.length; at++) {
    const isHead = at < head;
    if (!isHead && at < next.length - tail) continue;
    const kept = old[isHead ? at : at - next.length + old.length]!;
    move(kept, next[at]);
    out[at] = kept;
  }
  if (!inner) return out;
  const [kept, now] = [old[head]!, next[head]!];
  const lists = [...inner].map(([key, part]) => [key, mergeBodies(part, move)] as const);
  // Of the statement itself everything else moves.
  move({ ...kept, ...Object.fromEntries(lists) }, { ...now, ...Object.fromEntries(lists) });
  Object.assign(kept, Object.fromEntries(lists));
  out[head] = kept;
  return out;
}
