import { type FileFacts, type FunctionFact, MODULE } from '../../model/facts.ts';
import { type Cell, createCellGraph, type Kept, type Place, type Waits } from './cell-graph.ts';
import { type Reader, type Reread, reading } from './reads.ts';
import { createStartUp, type StartUp } from './start-up.ts';

/** What `memory` keeps under a key may say something else since an edit: whoever works it out anew settles that. */
export interface Doubt extends Place {
  /** Since it was worked out anew, it stands on something that stands on it. */
  isCircular(): boolean;
  settle(isSame: boolean): void;
}

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
  leave(before: unknown): void;
  /** Work begins on what `memory` will keep under a key; the end of it is told to `close`: does it depend on anything? */
  open(memory: object, key: unknown): unknown;
  /** The same for a part of the model or of a rule. Who names a file sees to it himself that its edits are noticed. */
  openPart(memory: object, key: unknown, file?: FileFacts): unknown;
  /** The same for a part that asks in the model's own order, as if nobody asked. */
  openWhole(memory: object, key: unknown): unknown;
  /** Who reads a memory is told when the part at work says something else: he need not meet it. */
  readonly isTold: boolean;
  close(memory: object, key: unknown, before: unknown): boolean;
  /** Whoever is at work meets what `memory` keeps under a key. */
  meet(memory: object, key: unknown): void;
  /** A rule is asking, or something else that is no part of the model. */
  readonly isLate: boolean;
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
  /**
   * Whoever is at work can tell whether an edit of what was read makes a difference: `again` works it out anew, and says
   * whether it is the same. His readers are left alone then.
   */
  doubt(again: () => boolean): void;
  /** The same for what is worked out anew by whoever takes the doubts that an edit raised. */
  doubtLater(): void;
  /** Doubts about summaries of flows, or about what rules found in a file. */
  takeDoubts(of: Waits): readonly Doubt[];
  /** What `memory` keeps under a key is of no use to anybody any more. */
  discard(memory: object, key: unknown): void;
  /** Work that asks in another order than that of a fresh analysis: what is cut meanwhile does not stay. */
  outOfOrder(work: () => void): void;
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
  /** Start-up looked at functions of this kind wherever they were written: one more would make a difference. */
  expectNone(isWanted: (facts: FileFacts, fn: FunctionFact) => boolean): void;
  /** Start-up is over. */
  settle(): void;
  readonly isSettled: boolean;
  /** Whether start-up relies on nothing that changed with these functions, and with what was read of files. */
  readonly mayDrop: StartUp['isSame'];
  /** Drops what depends on changed functions, and on other things that changed; `idle`: their values stand. */
  drop(
    changed: readonly FunctionFact[],
    idle: ReadonlySet<FunctionFact>,
    reread: readonly Reread[],
    others: Iterable<object>,
  ): void;
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
  const graph = createCellGraph();
  const { order } = graph;
  /** What was kept since a rule asked for something, and whether it depends on how it was asked. */
  const filledInAsk: [Kept, unknown][] = [];
  let isTainted = false;
  const stack: Cell[] = [];
  const begun: { memory: object; key: unknown; cell: Cell | undefined }[] = [];
  const own = new WeakSet<object>();
  /** What was asked for by work on the model that belongs to nobody. */
  const asked = new Set<object>();
  let isLate = true;
  let current: Cell | undefined;
  let isSettled = false;

  const link = (from: Cell, to: object): void => graph.link(from, graph.of(to, isLate), isLate);

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

  /** Whoever is at work asks for what is kept about `key`. */
  const met = (key: object): void => {
    if (!current || current.isWhole) ask(key);
    if (current && current.key !== key) link(current, key);
  };

  const read = (key: object): void => {
    if (!isSettled) startUp.look(key);
    else met(key);
  };

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
      note(current.isAsker ? memory : graph.placeOf(memory, facts));
    },
  };
  function note(key: object): void {
    if (!current || (lastRead === key && lastReader === current)) return;
    lastRead = key;
    lastReader = current;
    read(key);
  }

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
    const cell = graph.of(key, isLate);
    met(key);
    if (!isLate) cell.isLate = false;
    stack.push(cell);
    current = cell;
    return before;
  };

  /** Work that belongs to nobody: the model asks, in the order of a fresh analysis. */
  const apart = <T>(work: () => T): T => {
    const [before, wasLate] = [current, isLate];
    current = undefined;
    isLate = false;
    try {
      return work();
    } finally {
      current = before;
      isLate = wasLate;
    }
  };
  const watching = <T>(work: () => T): T => reading(isSettled ? reader : undefined, work);
  /** What was read last says nothing of what is dropped. */
  const dropping = (work: () => void): void => {
    work();
    lastRead = undefined;
  };

  const asking = (work: () => void): void => {
    lastRead = undefined;
    apart(() => watching(work));
  };

  return {
    enter,
    enterFn: fn => (fn.id === MODULE ? current : enter(isSettled ? valuesOf(fn) : fn)),
    open: (memory, key) => (isSettled ? enter(graph.placeOf(memory, key)) : current),
    openPart(memory, key, file) {
      if (!isSettled) return current;
      const mayAsk = isLate && (!current || current.isAsker);
      const before = enter(graph.placeOf(memory, key));
      current!.isAsker = mayAsk;
      if (file && (mayAsk || !isLate)) current!.again = 'file';
      current!.file = file;
      return before;
    },
    openWhole(memory, key) {
      if (!isSettled) return current;
      const before = enter(graph.placeOf(memory, key));
      current!.isWhole = true;
      current!.isLate = true;
      return before;
    },
    get isTold() {
      return current?.again === 'file';
    },
    close(memory, key, before) {
      if (!isSettled) return false;
      const cell = current;
      this.leave(before);
      // Nothing can change what depends on no function.
      if (!cell || cell.reads.length > 0 || order.has(cell)) return true;
      graph.remove(cell, memory, key);
      return false;
    },
    meet(memory, key) {
      const place = graph.knownPlace(memory, key);
      if (place) met(place);
    },
    get isSettled() {
      return isSettled;
    },
    get isLate() {
      return isLate;
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
    doubt(again) {
      if (isSettled && current) current.again = again;
    },
    doubtLater() {
      if (isSettled && current) current.again = 'flow';
    },
    takeDoubts: of =>
      graph.takeDoubts(of).map(cell => ({
        ...(cell.key as Place),
        isCircular: () => graph.isCircular(cell),
        settle(isSame) {
          if (!isSame) dropping(() => graph.dropReaders(cell, asking));
        },
      })),
    discard(memory, key) {
      const place = graph.knownPlace(memory, key);
      const cell = place && graph.known(place);
      (memory as Kept).delete(key as never);
      if (!cell) return;
      dropping(() => graph.forget([cell]));
      graph.remove(cell, memory, key);
    },
    outOfOrder: order.outOfOrder,
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
    expectNone(isWanted) {
      if (!isSettled) startUp.expectNone(isWanted);
    },
    settle() {
      isSettled = true;
    },
    mayDrop: startUp.isSame,
    drop(changed, idle, reread, others) {
      this.abandon();
      const values = changed.flatMap(fn => (idle.has(fn) ? [] : (valueKeys.get(fn) ?? [])));
      const said = reread.flatMap(({ memory, facts }) => [memory, graph.knownPlace(memory, facts) ?? memory]);
      const start = [...changed, ...values, ...said, ...others].flatMap(key => graph.known(key) ?? []);
      dropping(() => graph.drop(start, asking));
    },
    isInOrder() {
      const disturbed = order.takeDisturbed();
      if (!disturbed) return true;
      dropping(() => graph.forget(disturbed));
      return false;
    },
    renew(key) {
      const cell = graph.known(key);
      if (cell) dropping(() => graph.forget([cell]));
    },
    apart,
    watching,
    abandon() {
      stack.length = 0;
      begun.length = 0;
      current = undefined;
    },
  };
}
