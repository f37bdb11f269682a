import type { FileFacts, FunctionFact } from '../../model/facts.ts';
import type { Reread } from './reads.ts';

/** Changed functions whose edit makes no difference to somebody. */
export interface Harmless {
  /** To who looks at the whole body. */
  readonly unseen: ReadonlySet<FunctionFact>;
  /** To who carries it out, or asks for one of its values. */
  readonly idle: ReadonlySet<FunctionFact>;
}

/** Functions that an edit brought into a file. */
export interface Newcomers {
  readonly facts: FileFacts;
  readonly come: readonly FunctionFact[];
}

/** What start-up relies on. It is one piece: a change of that is no local change. */
export interface StartUp {
  /** It looks at the whole body of a function, or at something else as a whole. */
  look(key: object): void;
  /** It carries a function out, or asks for what its variables are or what it returns. */
  run(key: object): void;
  /** It looks at what `memory` keeps of the bodies of a file. */
  lookAtFile(memory: object): void;
  /** It relies on this about a function's body. */
  expect(fn: FunctionFact, holds: () => boolean): void;
  /** It looked at functions of this kind wherever they were written; one more would make a difference. */
  expectNone(isWanted: (facts: FileFacts, fn: FunctionFact) => boolean): void;
  /** Whether it would be the same after functions changed or came, and what was read of files. */
  isSame(
    changed: readonly FunctionFact[],
    harmless: Harmless | undefined,
    reread: readonly Reread[],
    newcomers: readonly Newcomers[],
  ): boolean;
}

export function createStartUp(): StartUp {
  const seen = new Set<object>();
  const ran = new Set<object>();
  const files = new Set<object>();
  const wanted: ((facts: FileFacts, fn: FunctionFact) => boolean)[] = [];
  const expectations = new Map<FunctionFact, (() => boolean)[]>();
  /** The same is often asked for several times in a row. */
  let lastSeen: object | undefined;
  let lastRun: object | undefined;

  return {
    look(key) {
      if (lastSeen !== key) seen.add(key);
      lastSeen = key;
    },
    run(key) {
      if (lastRun !== key) ran.add(key);
      lastRun = key;
    },
    lookAtFile(memory) {
      files.add(memory);
    },
    expect(fn, holds) {
      const list = expectations.get(fn);
      if (list) list.push(holds);
      else expectations.set(fn, [holds]);
    },
    expectNone(isWanted) {
      wanted.push(isWanted);
    },
    isSame: (changed, harmless, reread, newcomers) =>
      !reread.some(({ memory }) => files.has(memory)) &&
      !newcomers.some(({ facts, come }) => come.some(fn => wanted.some(isWanted => isWanted(facts, fn)))) &&
      changed.every(fn => {
        if (seen.has(fn) && !harmless?.unseen.has(fn)) return false;
        if (ran.has(fn) && !harmless?.idle.has(fn)) return false;
        return (expectations.get(fn) ?? []).every(holds => holds());
      }),
  };
}
