/** As much of a cell as its order depends on. */
interface Ordered {
  readonly key: object;
  /** No part of the model asked for it. */
  readonly isLate: boolean;
}

/**
 * Values that a cycle or a limit cut depend on who asked first. Cells that were on the way of such a value make up a
 * group: they stand or fall together, and an edit that concerns anybody who reads one of them has the whole group asked
 * anew, in the order of a fresh analysis.
 */
export interface Order<C> {
  /** Groups that are cut during this work are asked for anew. */
  outOfOrder(work: () => void): void;
  /** A value was cut while these were at work. */
  cut(cells: Iterable<C>): void;
  has(cell: C): boolean;
  remove(cell: C): void;
  /** What to drop when an edit drops `start`. Groups that it leaves alone are guarded until the next one. */
  beginEdit(start: readonly C[]): readonly C[];
  /** The same for what turns out to be dropped by that edit as well. */
  goOn(start: readonly C[]): readonly C[];
  /** What to drop because it was cut since the edit, asked for in an order that may be another one. */
  fallen(): readonly C[];
  /** Something is asked for by the cell of `reader`, or by work on the model that belongs to nobody. */
  ask(key: object, reader?: object): void;
  /**
   * What to drop because somebody asked for a guarded group who did not before the edit, so that its order may be
   * another one; undefined if nobody did.
   */
  takeDisturbed(): readonly C[] | undefined;
}

/** `withReaders`: cells and all that may depend on them; `withSureReaders`: as far as that is known by now. */
export function createOrder<C extends Ordered>(
  withReaders: (start: Iterable<C>) => Set<C>,
  withSureReaders = withReaders,
): Order<C> {
  type Group = Set<C>;
  const groups = new Map<C, Group>();
  /** Groups that stand, by all that read them before the edit. */
  const guarded = new Map<object, Group[]>();
  const standing = new Set<Group>();
  const disturbed = new Set<Group>();

  /** Adds groups to what is dropped until none is left that anybody reads who is; takes them from `rest`. */
  const spread = (start: readonly C[], rest: Map<Group, ReadonlySet<C>>): readonly C[] => {
    const out = [...start];
    const gone = withSureReaders(start);
    for (let before = -1; before !== rest.size; ) {
      before = rest.size;
      for (const [group, readers] of rest) {
        if (![...readers].some(cell => !cell.isLate && gone.has(cell))) continue;
        rest.delete(group);
        out.push(...group);
        for (const cell of readers) gone.add(cell);
      }
    }
    return out;
  };
  const readersOf = (list: Iterable<Group>): Map<Group, Set<C>> =>
    new Map([...list].map(group => [group, withReaders(group)]));

  /** The same among groups that stood so far. */
  const spreadOn = (start: readonly C[]): readonly C[] => {
    const rest = readersOf(standing);
    const out = spread(start, rest);
    for (const group of standing) if (!rest.has(group)) standing.delete(group);
    return out;
  };
  const fallen = (): readonly C[] => {
    const members = [...new Set(groups.values())].filter(group => !standing.has(group)).flatMap(group => [...group]);
    return members.length > 0 ? spreadOn(members) : members;
  };

  let isOutOfOrder = false;

  return {
    outOfOrder(work) {
      isOutOfOrder = true;
      try {
        work();
      } finally {
        isOutOfOrder = false;
      }
    },
    fallen,
    goOn: spreadOn,
    cut(cells) {
      const members = [...cells];
      const known = new Set(members.flatMap(cell => groups.get(cell) ?? []));
      const group = new Set([...known].flatMap(one => [...one]).concat(members));
      for (const cell of group) groups.set(cell, group);
      // A fresh analysis asks for a group as a whole: what joins one that stood must not come later.
      if ([...known].some(one => standing.delete(one)) || isOutOfOrder) disturbed.add(group);
    },
    has: cell => groups.has(cell),
    remove(cell) {
      groups.get(cell)?.delete(cell);
      groups.delete(cell);
    },
    beginEdit(start) {
      disturbed.clear();
      standing.clear();
      guarded.clear();
      const rest = readersOf(new Set(groups.values()));
      const out = spread(start, rest);
      for (const [group, readers] of rest) {
        standing.add(group);
        for (const { key } of readers) {
          const list = guarded.get(key);
          if (list) list.push(group);
          else guarded.set(key, [group]);
        }
      }
      return out;
    },
    ask(key, reader) {
      const own = reader && guarded.get(reader);
      for (const group of guarded.get(key) ?? [])
        if (!own?.includes(group) && standing.delete(group)) disturbed.add(group);
    },
    takeDisturbed() {
      if (disturbed.size === 0) return undefined;
      disturbed.clear();
      // What came up since the edit was asked for in the same wrong order.
      return fallen();
    },
  };
}
