import { MODULE } from '../../model/facts.ts';
import type { Kept } from './cell-graph.ts';
import type { Cells } from './cells.ts';

/** Who is at work: a rule, or a part of one; or anything else. */
type Worker = 'asker' | 'work';

/**
 * Cells of a program that no edit will follow: they note nothing, and say to the rest of the engine what `createCells`
 * would say, so that a scan from scratch finds what a living session finds.
 */
export function createPassingCells(): Cells {
  const filled: (() => void)[] = [];
  const begun: { readonly memory: object; readonly key: unknown }[] = [];
  const own = new WeakSet<object>();
  let current: Worker | undefined;
  let isTainted = false;
  let isLate = true;
  let isSettled = false;

  const enter = (): unknown => {
    const before = current;
    if (isSettled) current = 'work';
    return before;
  };
  const keepsForRule = (): boolean => isLate && current === 'work';
  /** What depends on how a rule asked is not kept, so that rules may be asked in any order. */
  const endAsk = (): void => {
    if (isTainted) for (const forget of filled) forget();
    filled.length = 0;
    isTainted = false;
  };
  const leave = (before: unknown): void => {
    if (before === current) return;
    current = before as Worker | undefined;
    if (isLate && current !== 'work') endAsk();
  };

  return {
    enter,
    enterFn: fn => (fn.id === MODULE ? current : enter()),
    open: enter,
    openWhole: enter,
    isTold: false,
    openPart() {
      const before = current;
      if (isSettled) current = isLate && before !== 'work' ? 'asker' : 'work';
      return before;
    },
    close(_memory, _key, before) {
      if (isSettled) leave(before);
      return isSettled;
    },
    leave,
    meet: nothing,
    read: nothing,
    readFn: nothing,
    keep(memory, key) {
      if (keepsForRule()) filled.push(() => memory.delete(key));
    },
    keepForRule(forget) {
      if (keepsForRule()) filled.push(forget);
    },
    begin(memory, key) {
      begun.push({ memory, key });
    },
    end() {
      begun.pop();
    },
    cut(memory, key) {
      const last = begun.at(-1);
      // A value that asks for itself is cut at the same place whoever asks.
      if (begun.length < 2 || (last?.memory === memory && last.key === key)) return;
      if (isSettled && isLate) isTainted = true;
    },
    doubt: nothing,
    doubtLater: nothing,
    takeDoubts: () => [],
    discard: (memory, key) => void (memory as Kept).delete(key as never),
    outOfOrder: work => work(),
    limited() {
      if (isSettled && isLate) isTainted = true;
    },
    made(value) {
      if (isSettled) own.add(value);
    },
    mayChange: value => !isSettled || own.has(value),
    rely: (_fn, ask) => ask(),
    expect: nothing,
    expectNone: nothing,
    settle() {
      isSettled = true;
    },
    get isLate() {
      return isLate;
    },
    get owner() {
      return current && WORK;
    },
    get isSettled() {
      return isSettled;
    },
    mayDrop: () => false,
    drop: nothing,
    isInOrder: () => true,
    renew: nothing,
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
    watching: work => work(),
    abandon() {
      begun.length = 0;
      current = undefined;
    },
  };
}

const WORK = {};

function nothing(): void {}
