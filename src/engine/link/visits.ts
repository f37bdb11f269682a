import { selfKey } from './called.ts';
import { isAlikeRecord } from './kept/alike.ts';
import type { Program } from './program.ts';
import { isSameValue } from './same-value.ts';
import type { Signals } from './signals.ts';
import type { Env, FuncValue, Value } from './values.ts';

/** A function in the environment it is read in; plain: with nothing known of its arguments. */
export interface Visit {
  readonly func: FuncValue;
  readonly env: Env;
  readonly isPlain: boolean;
  /** Where a wrapper runs what it wraps: who is looked at after that is let in already. */
  readonly until: number;
  /** Whatever it throws is caught, and nothing is made of it. */
  readonly isTried?: true;
}

/** What a function does itself, and where it leads. */
export interface Own {
  readonly signals: Signals;
  readonly inner: readonly Visit[];
  readonly calls: readonly Visit[];
}

/** Whether the same would be collected from both. */
export function isSameOwn(program: Program, a: Own, b: Own): boolean {
  const isSame = (one: Visit, other: Visit | undefined): boolean => !!other && isSameVisit(program, one, other);
  return (
    isAlikeRecord(a.signals, b.signals) &&
    a.inner.length === b.inner.length &&
    a.calls.length === b.calls.length &&
    a.inner.every((one, at) => isSame(one, b.inner[at])) &&
    a.calls.every((one, at) => isSame(one, b.calls[at]))
  );
}

function isSameVisit(program: Program, a: Visit, b: Visit): boolean {
  if (a.func.fn !== b.func.fn || a.isPlain !== b.isPlain || a.until !== b.until || a.isTried !== b.isTried)
    return false;
  if (selfKey(program, a.func.self) !== selfKey(program, b.func.self)) return false;
  if (a.isPlain) return true;
  // What a call gives is all that is known of such a visit beside its function.
  const given = (env: Env, position: number): Value | undefined => env.vars.get(`#${position}`);
  return (
    a.env.parent === b.env.parent &&
    a.func.fn.params.every((_param, at) => isSameValue(program, given(a.env, at), given(b.env, at)))
  );
}
