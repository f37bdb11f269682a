import { isAlike } from './alike.ts';
import type { Cells } from './cells.ts';

/**
 * A part of the model that others read as a whole: worked out when somebody asks first, and anew after an edit. Who
 * read it is told only if it says something else by then, and it stays the same object if it does not.
 */
export interface Slice<T> {
  get(): T;
  /** After an edit: what is known may not hold any more. */
  expire(): void;
  /** Works it out anew, if anybody had asked for it. */
  renew(): void;
}

export function createSlice<T>(
  cells: Cells,
  work: (before: T | undefined) => T,
  isSame: (a: T, b: T) => boolean = isAlike,
): Slice<T> {
  const key = {};
  let known: { readonly value: T } | undefined;
  let last: { readonly value: T } | undefined;
  const renew = (): T => {
    const before = last;
    last = undefined;
    const value = cells.apart(() => cells.watching(() => work(before?.value)));
    if (before && isSame(before.value, value)) known = before;
    else {
      known = { value };
      if (before) cells.renew(key);
    }
    return known.value;
  };
  return {
    get() {
      cells.read(key);
      return known ? known.value : renew();
    },
    expire() {
      last = known;
      known = undefined;
    },
    renew() {
      if (last) renew();
    },
  };
}

/** Keeps a value that depends on functions until one of them changes. */
export function keptUntilDropped<K, V extends object>(cells: Cells, memory: Map<K, V>, key: K, work: () => V): V {
  cells.meet(memory, key);
  const found = memory.get(key);
  if (found) return found;
  const before = cells.openPart(memory, key);
  cells.keep(memory, key);
  const value = work();
  memory.set(key, value);
  cells.close(memory, key, before);
  return value;
}

export function hasSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((one, at) => one === b[at]));
}

/** Keeps of a new list the old items that say the same, so that only what changed has a new identity. */
export function keepAlike<T extends object>(
  before: readonly T[] | undefined,
  now: readonly T[],
  isSame: (a: T, b: T) => boolean,
): readonly T[] {
  if (!before) return now;
  return now.map((one, at) => {
    const was = before[at];
    return was !== undefined && (was === one || isSame(was, one)) ? was : one;
  });
}
