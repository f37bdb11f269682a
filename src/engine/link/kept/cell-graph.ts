import type { FileFacts } from '../../model/facts.ts';
import { createOrder, type Order } from './order.ts';

/** Something that was worked out and kept: it forgets a key. */
export interface Kept {
  delete(key: never): boolean;
}

/** What was worked out about one function (or class, or item of the model), and who relied on it. */
export interface Cell {
  readonly key: object;
  /** Undefined: nobody. Most cells have none, and an empty set is larger than the cell. */
  readers: Set<Cell> | undefined;
  reads: Cell[];
  /** What was kept while it was worked out */
  filled: [Kept, unknown][];
  /** It read so much that any edit may concern it. */
  isBroad: boolean;
  /** No part of the model asked for it: it is a rule, or was worked out for one. */
  isLate: boolean;
  /** A rule, or a part of one: it asks for what the others are. */
  isAsker: boolean;
  /** It asks as if nobody asked: no other value depends on the order in which it does. */
  isWhole: boolean;
  /** The file whose bodies it need not name. */
  file: FileFacts | undefined;
  /** How to tell whether an edit of what it read makes a difference to its readers. */
  again: Again | undefined;
}

/** Works out anew what a cell kept, and says whether it is what it was before; or who will do so. */
export type Again = (() => boolean) | Waits;
/** Summaries of flows wait for the next solution, what was found in a file until somebody looks into it again. */
export type Waits = 'flow' | 'file';

/** An entry of a memory. */
export interface Place {
  readonly memory: object;
  readonly key: unknown;
}

/** Cells that one may read before it counts as reading everything. */
const BROAD = 6000;

/** Who read what. A cell that reads another one is dropped with it, unless it turns out to say the same without it. */
export interface CellGraph {
  readonly order: Order<Cell>;
  /** The cell of a key, made if there is none. */
  of(key: object, isLate: boolean): Cell;
  known(key: object): Cell | undefined;
  link(from: Cell, to: Cell, isLate: boolean): void;
  /** An object that stands for an entry of a memory. */
  placeOf(memory: object, key: unknown): Place;
  knownPlace(memory: object, key: unknown): Place | undefined;
  /** Takes away a cell that nobody needs to name. */
  remove(cell: Cell, memory: object, key: unknown): void;
  /** Drops what an edit concerns. `asking` does some work that belongs to nobody. */
  drop(start: readonly Cell[], asking: (work: () => void) => void): void;
  /** Cells in doubt that wait for somebody to take them. */
  takeDoubts(of: Waits): readonly Cell[];
  /** A cell says something else by now. */
  dropReaders(cell: Cell, asking: (work: () => void) => void): void;
  /** Whether a cell reads something that depends on it. */
  isCircular(cell: Cell): boolean;
  /** Forgets cells and all that depends on them. */
  forget(start: Iterable<Cell>): void;
}

export function createCellGraph(): CellGraph {
  const cells = new Map<object, Cell>();
  const broad = new Set<Cell>();
  const waiting = new Set<Cell>();
  const places = new Map<object, Map<unknown, Place>>();

  /** Who reads the memory that a part is kept in reads the part. */
  const readersOf = (cell: Cell): Iterable<Cell> => {
    const whole = cell.again === 'file' ? cells.get((cell.key as Place).memory) : undefined;
    return whole ? [whole, ...(cell.readers ?? [])] : (cell.readers ?? []);
  };
  const withReaders = (start: Iterable<Cell>): Set<Cell> => {
    const out = new Set(start);
    for (const cell of out) for (const reader of readersOf(cell)) out.add(reader);
    return out;
  };
  /** The same up to cells that can tell whether they say the same. */
  const withSureReaders = (start: Iterable<Cell>): Set<Cell> => {
    const out = new Set(start);
    for (const cell of out) if (!isDoubtful(cell)) for (const reader of readersOf(cell)) out.add(reader);
    return out;
  };
  const order = createOrder<Cell>(withReaders, withSureReaders);
  // What was cut, or worked out for a rule, depends on more than what it read.
  const isDoubtful = (cell: Cell): boolean =>
    cell.again !== undefined && (!cell.isLate || cell.again === 'file') && !order.has(cell);

  const unlink = (cell: Cell): void => {
    for (const one of cell.reads) one.readers?.delete(cell);
    cell.reads = [];
    cell.isBroad = false;
    broad.delete(cell);
  };
  const empty = (cell: Cell): void => {
    for (const [memory, key] of cell.filled) memory.delete(key as never);
    cell.filled = [];
    unlink(cell);
  };
  const discard = (cell: Cell): void => {
    waiting.delete(cell);
    empty(cell);
    cells.delete(cell.key);
    order.remove(cell);
  };

  /** Forgets cells and what surely depends on them; gives those in doubt, emptied, but with their readers. */
  const forgetSure = (start: readonly Cell[]): Map<Cell, Again> => {
    const cut = withReaders(start.filter(cell => order.has(cell)));
    const gone = withSureReaders([...start, ...cut]);
    const doubts = new Map<Cell, Again>();
    for (const cell of gone) if (isDoubtful(cell) && !cut.has(cell)) doubts.set(cell, cell.again!);
    for (const cell of gone) {
      const again = doubts.get(cell);
      if (typeof again === 'string') {
        // Whoever works it out anew compares it with what is kept.
        waiting.add(cell);
        unlink(cell);
      } else if (again) empty(cell);
      else discard(cell);
    }
    return doubts;
  };

  /** Forgets what surely depends on cells, then what turns out to do so. */
  const settle = (start: readonly Cell[], asking: (work: () => void) => void): void => {
    for (let doubts = forgetSure(start); doubts.size > 0; ) {
      const changed: Cell[] = [];
      for (const [cell, again] of doubts)
        if (typeof again === 'function')
          asking(() => {
            if (!again()) changed.push(...readersOf(cell));
          });
      doubts = changed.length > 0 ? forgetSure(order.goOn(changed)) : new Map();
    }
  };

  return {
    order,
    of(key, isLate) {
      let cell = cells.get(key);
      if (!cell) {
        cell = {
          key,
          readers: undefined,
          reads: [],
          filled: [],
          isBroad: false,
          isLate,
          isAsker: false,
          isWhole: false,
          file: undefined,
          again: undefined,
        };
        cells.set(key, cell);
      }
      return cell;
    },
    known: key => cells.get(key),
    link(from, to, isLate) {
      if (!isLate) {
        if (!from.isWhole) from.isLate = false;
        to.isLate = false;
      }
      if (from.isBroad || to.readers?.has(from)) return;
      if (!isLate && !from.isWhole) order.ask(to.key, from.key);
      if (from.reads.length >= BROAD) {
        from.isBroad = true;
        broad.add(from);
      }
      to.readers ??= new Set();
      to.readers.add(from);
      from.reads.push(to);
    },
    placeOf(memory, key) {
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
    },
    knownPlace: (memory, key) => places.get(memory)?.get(key),
    remove(cell, memory, key) {
      places.get(memory)?.delete(key);
      cells.delete(cell.key);
      cell.readers = undefined;
    },
    drop(start, asking) {
      settle(order.beginEdit([...broad, ...start]), asking);
      // What was cut meanwhile was asked for in another order than that of a fresh analysis.
      this.forget(order.fallen());
    },
    takeDoubts(of) {
      const out = [...waiting].filter(cell => cell.again === of);
      for (const cell of out) {
        waiting.delete(cell);
        cell.filled = [];
      }
      return out;
    },
    isCircular(cell) {
      const dependent = withReaders([cell]);
      return cell.reads.some(one => dependent.has(one));
    },
    dropReaders(cell, asking) {
      settle(order.goOn([...readersOf(cell)]), asking);
    },
    forget(start) {
      for (const cell of withReaders(start)) discard(cell);
    },
  };
}
