import { type FileFacts, type FunctionFact, MODULE } from '../../model/facts.ts';
import { createOrder } from './order.ts';
import { type Reader, reading } from './reads.ts';
import { createStartUp, type StartUp } from './start-up.ts';

/** Something that was worked out and kept: it forgets a key. */
interface Kept {
  delete(key: never): boolean;
}

/** What was worked out about one function (or class, or item of the model), and who relied on it. */
interface Cell {
  readonly key: object;
  /** Undefined: nobody. Most cells have none, and an empty set is larger than the cell. */
  readers: Set<Cell> | undefined;
  readonly reads: Cell[];
  /** What was kept while it was worked out */
  readonly filled: [Kept, unknown][];
  /** It read so much that any edit may concern it. */
  isBroad: boolean;
  /** No part of the model asked for it: it is a rule, or was worked out for one. */
  isLate: boolean;
  /** A rule, or a part of one: it asks for what the others are. */
  isAsker: boolean;
  /** The file whose bodies it need not name. */
  file: FileFacts | undefined;
}

/** Cells that one may read before it counts as reading everything. */
const BROAD = 6000;

/**
 * Who read what while a program was linked, so that an edit drops what depends on it and nothing else.
 *
 * Start-up is one piece: what it read is a set, and a change of it is no local change. After that, everything that is
 * kept belongs to the cell it was worked out in, and a cell that reads another one is dropped with it. Where a value
 * depends on who asked first (a cycle was cut, a limit was reached), its cells are dropped together (`order.ts`), so that
 * they are asked in the order of a fresh analysis.
 */
export interface Cells {
  /** Work goes on about `key`, for whoever was at work before; give the result to `leave`. */
  enter(key: object): unknown;
  /**
   * The same for the values in a function: what its variables are and what it returns, which an idle edit leaves alone.
   * What a module's top level says belongs to whoever asks.
   */
  enterFn(fn: FunctionFact): unknown;
  /** The same for what `memory` keeps under a function that it is read from, top levels included. */
  enterList(memory: object, fn: FunctionFact): unknown;
  leave(before: unknown): void;
  /** Work begins on what `memory` will keep under a key; the end of it is told to `close`: does it depend on anything? */
  open(memory: object, key: unknown): unknown;
  /** The same for a part of the model or of a rule. Who names a file sees to it himself that its edits are noticed. */
  openPart(memory: object, key: unknown, file?: FileFacts): unknown;
  close(memory: object, key: unknown, before: unknown): boolean;
  /** Whoever is at work meets what `memory` keeps under a key. */
  meet(memory: object, key: unknown): void;
  /** Who is at work, for `enter`. */
  readonly owner: object | undefined;
  /** Whoever is at work looks at `key`, or at something kept about it. */
  read(key: object): void;
  /** The same for the values in a function. */
  readFn(fn: FunctionFact): void;
  /** Whoever is at work keeps something under a key: it is deleted with the cell. */
  keep<K>(memory: { delete(key: K): boolean }, key: K): void;
  /** The same for what a part of the model keeps of itself when a rule asks for it. */
  keepForRule(forget: () => void): void;
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
  /** What start-up asks about a function's body, of which it relies on no more than the answer. */
  rely<T>(fn: FunctionFact, ask: () => T): T;
  /** Start-up relies on this about a function's body. */
  expect(fn: FunctionFact, holds: () => boolean): void;
  /** Start-up is over. */
  settle(): void;
  readonly isSettled: boolean;
  /** Whether start-up relies on nothing that changed with these functions, and with what was read of files. */
  readonly mayDrop: StartUp['isSame'];
  /** Drops what depends on changed functions, and on other things that changed; `idle`: their values stand. */
  drop(changed: readonly FunctionFact[], idle: ReadonlySet<FunctionFact>, others: Iterable<object>): void;
  /**
   * After an edit that left values standing which depend on who asked first: false if somebody asks for them now who did
   * not before, so that their order may be another one. Everything in question is dropped then.
   */
  isInOrder(): boolean;
  /** Something that others read says something else by now. */
  renew(key: object): void;
  /** Work that belongs to nobody: who asks for it depends on its outcome, and is told by `renew`. */
  apart<T>(work: () => T): T;
  /** Work whose reads of facts are noted. */
  watching<T>(work: () => T): T;
  /** Work broke off: nobody is at work now. */
  abandon(): void;
}

export function createCells(): Cells {
  const startUp = createStartUp();
  /** Objects that stand for the values in functions. */
  const valueKeys = new Map<FunctionFact, object>();
  const cells = new Map<object, Cell>();
  /** What was kept since a rule asked for something, and whether it depends on how it was asked. */
  const filledInAsk: [Kept, unknown][] = [];
  let isTainted = false;
  const broad = new Set<Cell>();
  const stack: Cell[] = [];
  const begun: { memory: object; key: unknown; cell: Cell | undefined }[] = [];
  const own = new WeakSet<object>();
  const places = new Map<object, Map<unknown, object>>();
  /** What was asked for by work on the model that belongs to nobody. */
  const asked = new Set<object>();
  let isLate = true;
  let current: Cell | undefined;
  let isSettled = false;

  const cellOf = (key: object): Cell => {
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
        file: undefined,
      };
      cells.set(key, cell);
    }
    return cell;
  };

  const link = (from: Cell, to: Cell): void => {
    if (!isLate) {
      from.isLate = false;
      to.isLate = false;
    }
    if (from.isBroad || to.readers?.has(from)) return;
    if (!isLate) order.ask(to.key, from.key);
    if (from.reads.length >= BROAD) {
      from.isBroad = true;
      broad.add(from);
    }
    to.readers ??= new Set();
    to.readers.add(from);
    from.reads.push(to);
  };

  const valuesOf = (fn: FunctionFact): object => {
    let key = valueKeys.get(fn);
    if (!key) {
      key = {};
      valueKeys.set(fn, key);
    }
    return key;
  };

  const ask = (key: object): void => {
    if (isLate || asked.has(key)) return;
    asked.add(key);
    order.ask(key);
  };

  const read = (key: object): void => {
    if (!isSettled) startUp.look(key);
    else if (!current) ask(key);
    else if (current.key !== key) link(current, cellOf(key));
  };

  const withReaders = (start: Iterable<Cell>): Set<Cell> => {
    const out = new Set(start);
    for (const cell of out) for (const reader of cell.readers ?? []) out.add(reader);
    return out;
  };

  const order = createOrder<Cell>(withReaders);

  /** What was read last by whom: the same is often read again. */
  let lastRead: object | undefined;
  let lastReader: Cell | undefined;
  const reader: Reader = {
    body(fn) {
      if (!isSettled) startUp.look(fn);
      else if (current?.file?.functions[fn.id] !== fn) note(fn);
    },
    file(memory, facts) {
      if (!isSettled) startUp.lookAtFile(memory);
      if (!current || current.file === facts) return;
      // A rule asks for most files at once, and is only told if one of them says something else.
      note(current.isAsker ? memory : facts);
    },
  };
  function note(key: object): void {
    if (!current || (lastRead === key && lastReader === current)) return;
    lastRead = key;
    lastReader = current;
    read(key);
  }

  /** Forgets cells and all that depends on them. */
  const forget = (start: Iterable<Cell>): void => {
    const gone = withReaders(start);
    for (const cell of gone) {
      for (const [memory, key] of cell.filled) memory.delete(key as never);
      for (const one of cell.reads) one.readers?.delete(cell);
      cells.delete(cell.key);
      order.remove(cell);
      broad.delete(cell);
    }
    lastRead = undefined;
  };

  /** Ends what a rule asked for: what depends on how it was asked is not kept, so that rules may be asked in any order. */
  const endAsk = (): void => {
    if (isTainted) for (const [memory, key] of filledInAsk) memory.delete(key as never);
    filledInAsk.length = 0;
    isTainted = false;
  };

  const enter = (key: object): unknown => {
    const before = current;
    if (before?.key === key) return before;
    if (!isSettled) {
      startUp.run(key);
      return before;
    }
    const cell = cellOf(key);
    if (before) link(before, cell);
    else ask(key);
    if (!isLate) cell.isLate = false;
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
    enterFn: fn => (fn.id === MODULE ? current : enter(isSettled ? valuesOf(fn) : fn)),
    enterList: (memory, fn) => (fn.id === MODULE && isSettled ? enter(placeOf(memory, fn)) : enter(fn)),
    open: (memory, key) => (isSettled ? enter(placeOf(memory, key)) : current),
    openPart(memory, key, file) {
      if (!isSettled) return current;
      const mayAsk = isLate && (!current || current.isAsker);
      const before = enter(placeOf(memory, key));
      current!.isAsker = mayAsk;
      current!.file = file;
      return before;
    },
    close(memory, key, before) {
      if (!isSettled) return false;
      const cell = current;
      this.leave(before);
      // Nothing can change what depends on no function.
      if (!cell || cell.reads.length > 0 || order.has(cell)) return true;
      places.get(memory)?.delete(key);
      cells.delete(cell.key);
      cell.readers = undefined;
      return false;
    },
    meet(memory, key) {
      const place = places.get(memory)?.get(key);
      if (place && current) link(current, cellOf(place));
      else if (place) ask(place);
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
      if (isLate && (!current || current.isAsker)) endAsk();
    },
    read,
    readFn(fn) {
      if (isSettled) read(valuesOf(fn));
      else startUp.run(fn);
    },
    keep(memory, key) {
      current?.filled.push([memory as Kept, key]);
      if (isLate && current && !current.isAsker) filledInAsk.push([memory as Kept, key]);
    },
    keepForRule(forget) {
      if (!isLate || !current || current.isAsker) return;
      filledInAsk.push([
        {
          delete: () => {
            forget();
            return true;
          },
        },
        undefined,
      ]);
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
      if (at >= begun.length - 1) return;
      if (isLate) isTainted = true;
      else order.cut(begun.slice(Math.max(at, 0)).flatMap(({ cell }) => cell ?? []));
    },
    limited() {
      if (!isSettled) return;
      if (isLate) isTainted = true;
      else order.cut(stack);
    },
    made(value) {
      if (isSettled) own.add(value);
    },
    mayChange: value => !isSettled || own.has(value),
    rely(fn, ask) {
      if (isSettled) {
        read(fn);
        return ask();
      }
      const answer = reading(undefined, ask);
      this.expect(fn, () => Object.is(ask(), answer));
      return answer;
    },
    expect(fn, holds) {
      if (!isSettled) startUp.expect(fn, holds);
    },
    settle() {
      isSettled = true;
    },
    mayDrop: startUp.isSame,
    drop(changed, idle, others) {
      this.abandon();
      const start = [...broad];
      const values = changed.flatMap(fn => (idle.has(fn) ? [] : (valueKeys.get(fn) ?? [])));
      for (const key of [...changed, ...values, ...others]) {
        const cell = cells.get(key);
        if (cell) start.push(cell);
      }
      forget(order.beginEdit(start));
    },
    isInOrder() {
      const disturbed = order.takeDisturbed();
      if (!disturbed) return true;
      forget(disturbed);
      return false;
    },
    renew(key) {
      const cell = cells.get(key);
      if (cell) forget([cell]);
    },
    apart(work) {
      const [before, wasLate] = [current, isLate];
      current = undefined;
      isLate = false;
      try {
        return work();
      } finally {
        current = before;
        isLate = wasLate;
      }
    },
    watching: work => reading(isSettled ? reader : undefined, work),
    abandon() {
      stack.length = 0;
      begun.length = 0;
      current = undefined;
    },
  };
}
