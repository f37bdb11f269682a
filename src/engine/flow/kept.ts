import { identity } from '../link/call-key.ts';
import { selfKey } from '../link/called.ts';
import type { Program } from '../link/program.ts';
import { isSameValue } from '../link/same-value.ts';
import type { FuncValue, Value } from '../link/values.ts';
import type { FunctionFact } from '../model/facts.ts';
import type { Hit, Summary } from './summary.ts';

/** A call for a summary: the function, and what the caller is known to pass. */
export interface Wanted {
  readonly func: FuncValue;
  readonly given: readonly (Value | undefined)[] | undefined;
}

/** A summary with what happened while it was worked out, in order: an edit elsewhere lets it happen again. */
export interface Entry extends Wanted {
  readonly key: string;
  readonly summary: Summary;
  /** Parts of the request that something before the function had checked. */
  readonly checked: ReadonlySet<string> | undefined;
  readonly log: (Hit | (Wanted & { readonly entry: Entry }))[];
}

export type Entries = Map<FunctionFact, Map<string, Entry>>;

const kept = new WeakMap<Program, { readonly entries: Entries; taught: string }>();

/**
 * Summaries of the last solution over a program, as far as its edits left them standing. None of them stand where the
 * settings say something else about functions than they did then.
 */
export function keptEntries(program: Program, taught: string): Entries {
  const known = kept.get(program) ?? { entries: new Map<FunctionFact, Map<string, Entry>>(), taught };
  kept.set(program, known);
  if (known.taught !== taught) known.entries.clear();
  known.taught = taught;
  return known.entries;
}

export function entriesOf(all: Entries, fn: FunctionFact): Map<string, Entry> {
  let own = all.get(fn);
  if (!own) {
    own = new Map();
    all.set(fn, own);
  }
  return own;
}

/** Calls that share a summary. */
export function keyOf({ func, given }: Wanted): string {
  const self = func.self?.k === 'instance' ? identity(func.self.of.cls) : 0;
  const apis = given?.map(value => (value?.k === 'api' ? value.path : '')).join(',') ?? '';
  return `${identity(func.env)}|${self}|${apis}`;
}

/** Whether a summary is what a call would work out anew: calls that share one may differ in details. */
export function holdsFor(
  program: Program,
  entry: Entry,
  wanted: Wanted,
  checked: ReadonlySet<string> | undefined,
): boolean {
  return isGivenAlike(program, entry, wanted) && isSameSet(checked, entry.checked);
}

/** Whether two calls give a function the same `this` and the same arguments. */
export function isGivenAlike(program: Program, a: Wanted, b: Wanted): boolean {
  return (
    selfKey(program, a.func.self) === selfKey(program, b.func.self) &&
    (a.given?.length ?? 0) === (b.given?.length ?? 0) &&
    (a.given ?? []).every((value, at) => isSameValue(program, value, b.given?.[at]))
  );
}

export function isSameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (!a || !b) return a === b;
  return a.size === b.size && [...a].every(one => b.has(one));
}

/** Forgets summaries that the last solution had no use for. */
export function prune({ cells }: Program, all: Entries, used: Entries): void {
  for (const [fn, own] of all) {
    const now = used.get(fn);
    for (const key of own.keys()) if (!now?.has(key)) cells.discard(own, key);
    if (own.size === 0) all.delete(fn);
  }
}
