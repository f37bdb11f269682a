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
      // Renewed first: who reads it meanwhile is not among those who are told that it changed.
      const value = known ? known.value : renew();
      cells.read(key);
      return value;
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
  return kept(cells, memory, key, work, cells.openPart);
}

function kept<K, V extends object>(
  cells: Cells,
  memory: Map<K, V>,
  key: K,
  work: () => V,
  open: (memory: object, key: unknown) => unknown,
): V {
  cells.meet(memory, key);
  const found = memory.get(key);
  if (found) return found;
  const before = open(memory, key);
  cells.keep(memory, key);
  const value = work();
  memory.set(key, value);
  cells.close(memory, key, before);
  return value;
}

/** The same for what the model puts together as a whole, in an order that is its own. */
export function keptAsWhole<K, V extends object>(cells: Cells, memory: Map<K, V>, key: K, work: () => V): V {
  return kept(cells, memory, key, work, cells.openWhole);
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
