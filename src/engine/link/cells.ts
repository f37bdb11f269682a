import { type FunctionFact, MODULE } from '../model/facts.ts';

/** Something that was worked out and kept: it forgets a key. */
interface Kept {
  delete(key: never): boolean;
}

/** What was worked out about one function (or class, or item of the model), and who relied on it. */
interface Cell {
  readonly key: object;
  readonly readers: Set<Cell>;
  readonly reads: Cell[];
  /** What was kept while it was worked out. */
  readonly filled: [Kept, unknown][];
}

/**
 * Who read what while a program was linked, so that an edit drops what depends on it and nothing else.
 *
 * Start-up is one piece: what it read is a set, and a change of it is no local change. After that, everything that is
 * kept belongs to the cell it was worked out in, and a cell that reads another one is dropped with it. Where a value
 * depends on who asked first (a cycle was cut, a limit was reached), its cells are dropped at every edit, so that they
 * are asked in the order of a fresh analysis.
 */
export interface Cells {
  /** Work goes on about `key`, for whoever was at work before; give the result to `leave`. */
  enter(key: object): unknown;
  /** The same for a function's body; what a module's top level says belongs to whoever asks. */
  enterFn(fn: FunctionFact): unknown;
  /** The same for what `memory` keeps under a function that it is read from, top levels included. */
  enterList(memory: object, fn: FunctionFact): unknown;
  leave(before: unknown): void;
  /** Work begins on what `memory` will keep under a key; the end of it is told to `close`. */
  open(memory: object, key: unknown): unknown;
  close(memory: object, key: unknown, before: unknown): void;
  /** Whoever is at work meets what `memory` keeps under a key. */
  meet(memory: object, key: unknown): void;
  /** Who is at work, for `enter`. */
  readonly owner: object | undefined;
  /** Whoever is at work looks at `key`, or at something kept about it. */
  read(key: object): void;
  /** Whoever is at work keeps something under a key: it is deleted with the cell. */
  keep<K>(memory: { delete(key: K): boolean }, key: K): void;
  /** A value is being worked out; whoever asks for it meanwhile gets `cut`. */
  begin(memory: object, key: unknown): void;
  end(): void;
  cut(memory: object, key: unknown): void;
  /** A limit was reached: values on the way depend on where they were asked for. */
  limited(): void;
  /** A value was made by whoever is at work, who may go on to change it. */
  made(value: object): void;
  /** Whether a value may be changed: after start-up, only by who made it. What has run is not repeated. */
  mayChange(value: object): boolean;
  /** Start-up relies on this about a function's body. */
  expect(fn: FunctionFact, holds: () => boolean): void;
  /** Start-up is over. */
  settle(): void;
  readonly isSettled: boolean;
  /** Drops what depends on changed functions; false if start-up does. */
  drop(changed: readonly FunctionFact[]): boolean;
  /** Cells dropped by the last edit. */
  readonly dropped: number;
}

export function createCells(): Cells {
  const atStart = new Set<object>();
  const expectations = new Map<FunctionFact, (() => boolean)[]>();
  const cells = new Map<object, Cell>();
  const wavering = new Set<Cell>();
  const stack: Cell[] = [];
  const begun: { memory: object; key: unknown; cell: Cell | undefined }[] = [];
  const own = new WeakSet<object>();
  const places = new Map<object, Map<unknown, object>>();
  let current: Cell | undefined;
  let last: object | undefined;
  let isSettled = false;
  let dropped = 0;

  const cellOf = (key: object): Cell => {
    let cell = cells.get(key);
    if (!cell) {
      cell = { key, readers: new Set(), reads: [], filled: [] };
      cells.set(key, cell);
    }
    return cell;
  };

  const link = (from: Cell, to: Cell): void => {
    if (to.readers.has(from)) return;
    to.readers.add(from);
    from.reads.push(to);
  };

  const holds = (changed: readonly FunctionFact[]): boolean =>
    changed.every(fn => !atStart.has(fn) && (expectations.get(fn) ?? []).every(one => one()));

  const enter = (key: object): unknown => {
    const before = current;
    if (before?.key === key) return before;
    if (!isSettled) {
      if (last !== key) atStart.add(key);
      last = key;
      return before;
    }
    const cell = cellOf(key);
    if (before) link(before, cell);
    stack.push(cell);
    current = cell;
    return before;
  };

  /** An object that stands for an entry of a memory. */
  const placeOf = (memory: object, key: unknown): object => {
    let known = places.get(memory);
    if (!known) {
      known = new Map();
      places.set(memory, known);
    }
    let place = known.get(key);
    if (!place) {
      place = { memory, key };
      known.set(key, place);
    }
    return place;
  };

  return {
    enter,
    enterFn: fn => (fn.id === MODULE ? current : enter(fn)),
    enterList: (memory, fn) => (fn.id === MODULE && isSettled ? enter(placeOf(memory, fn)) : enter(fn)),
    open: (memory, key) => (isSettled ? enter(placeOf(memory, key)) : current),
    close(memory, key, before) {
      if (!isSettled) return;
      const cell = current;
      this.leave(before);
      // Nothing can change what depends on no function.
      if (!cell || cell.reads.length > 0 || wavering.has(cell)) return;
      places.get(memory)?.delete(key);
      cells.delete(cell.key);
    },
    meet(memory, key) {
      const place = current && places.get(memory)?.get(key);
      if (place) link(current!, cellOf(place));
    },
    get isSettled() {
      return isSettled;
    },
    get owner() {
      return current?.key;
    },
    leave(before) {
      if (before === current) return;
      stack.pop();
      current = before as Cell | undefined;
    },
    read(key) {
      if (!isSettled) atStart.add(key);
      else if (current && current.key !== key) link(current, cellOf(key));
    },
    keep(memory, key) {
      current?.filled.push([memory as Kept, key]);
    },
    begin(memory, key) {
      begun.push({ memory, key, cell: current });
    },
    end() {
      begun.pop();
    },
    cut(memory, key) {
      if (!isSettled) return;
      let at = begun.length - 1;
      while (at > 0 && (begun[at]!.memory !== memory || begun[at]!.key !== key)) at--;
      // A value that asks for itself is cut at the same place whoever asks.
      if (at < begun.length - 1) for (const { cell } of begun.slice(Math.max(at, 0))) if (cell) wavering.add(cell);
    },
    limited() {
      if (isSettled) for (const cell of stack) wavering.add(cell);
    },
    made(value) {
      if (isSettled) own.add(value);
    },
    mayChange: value => !isSettled || own.has(value),
    expect(fn, holdsFor) {
      if (isSettled) return;
      const list = expectations.get(fn);
      if (list) list.push(holdsFor);
      else expectations.set(fn, [holdsFor]);
    },
    settle() {
      isSettled = true;
    },
    drop(changed) {
      // A rule that threw left its work unfinished.
      stack.length = 0;
      begun.length = 0;
      current = undefined;
      if (!holds(changed)) return false;
      const gone = new Set<Cell>(wavering);
      for (const fn of changed) {
        const cell = cells.get(fn);
        if (cell) gone.add(cell);
      }
      for (const cell of gone) for (const reader of cell.readers) gone.add(reader);
      for (const cell of gone) {
        for (const [memory, key] of cell.filled) memory.delete(key as never);
        for (const one of cell.reads) one.readers.delete(cell);
        cells.delete(cell.key);
      }
      wavering.clear();
      dropped = gone.size;
      return true;
    },
    get dropped() {
      return dropped;
    },
  };
}
