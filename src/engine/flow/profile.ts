import type { FuncValue } from '../link/values.ts';

/** A function with the time its own body took, without those it calls. */
export interface Timed {
  readonly file: string;
  readonly name: string;
  /** UTF-16 offset of its head. */
  readonly start: number;
  readonly ms: number;
}

export interface Profile {
  run(func: FuncValue, work: () => void): void;
  /** Slowest first. */
  slowest(): readonly Timed[];
}

const MOST = 10;

/** Measures where the time of a solution goes; without a clock it measures nothing. */
export function createProfile(now: (() => number) | undefined): Profile {
  if (!now) return { run: (_, work) => work(), slowest: () => [] };
  const own = new Map<FuncValue['fn'], { readonly func: FuncValue; ms: number }>();
  /** Time spent in callees, of every function that is under way. */
  const inner: number[] = [];
  return {
    run(func, work) {
      const started = now();
      inner.push(0);
      work();
      const whole = now() - started;
      const known = own.get(func.fn) ?? { func, ms: 0 };
      known.ms += whole - (inner.pop() ?? 0);
      own.set(func.fn, known);
      if (inner.length > 0) inner[inner.length - 1]! += whole;
    },
    slowest: () =>
      [...own.values()]
        .sort((a, b) => b.ms - a.ms)
        .slice(0, MOST)
        .map(({ func: { file, fn }, ms }) => ({ file, name: fn.name || '(anonymous)', start: fn.np[0], ms })),
  };
}
