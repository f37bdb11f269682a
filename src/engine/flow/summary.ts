import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { Mask, SinkKind } from './kinds.ts';
import type { Left } from './left.ts';
import { type Origin, type Root, rootKey, type Taint } from './taint.ts';

/** A place where a value does harm. */
export interface Sink {
  readonly kind: SinkKind;
  /** What is called, by its own name: `query`, `exec`. */
  readonly callee: string;
  /** API path of the callee. */
  readonly api: string;
  readonly call: Span;
  readonly arg: Span;
  /** The callee is not known: what stands in front of the value has to show what it is. */
  readonly guessed?: true;
  /** What is sent is said to be HTML, or a length is meant, or a header's value; what is changed is an object of the caller's, found by the caller's names. */
  readonly stated?: true;
  /** The option that the value is given as. */
  readonly option?: string;
}

/** A value reaches a sink, or would, if it had not been made clean. */
export interface Hit {
  readonly sink: Sink;
  readonly origin: Origin;
  /** What ended it. */
  readonly ended: Evidence | undefined;
}

/** `this.x = …`, `param.x = …`, a captured variable set. */
export interface Write {
  readonly root: Root;
  readonly path: readonly string[];
  readonly value: Taint;
}

/** The function calls something its caller gave it. */
export interface CalledBack {
  readonly root: Root;
  readonly path: readonly string[];
  readonly args: readonly Taint[];
}

/** Roots that are clean when the function says true, says false, or returns at all. */
export type Guards = ReadonlyMap<string, { readonly origin: Origin; readonly mask: Mask }>;

/** What a function does with what it is given. */
export interface Summary {
  returns: Taint;
  /** What its exceptions tell. */
  thrown: Taint;
  readonly hits: Map<string, Hit>;
  readonly writes: Write[];
  readonly calls: CalledBack[];
  /** What it leaves on objects of the request, in the order of its writing. */
  readonly left: Left[];
  whenTrue: Guards;
  whenFalse: Guards;
  whenDone: Guards;
  /** Every way through it ends in an exception. */
  throws: boolean;
  /** Ways through it that were not followed because a limit was reached. */
  cut: number;
}

export const NO_GUARDS: Guards = new Map();
const HIT_LIMIT = 80;

export function emptySummary(): Summary {
  return {
    returns: { own: [], fields: undefined },
    thrown: { own: [], fields: undefined },
    hits: new Map(),
    writes: [],
    calls: [],
    left: [],
    whenTrue: NO_GUARDS,
    whenFalse: NO_GUARDS,
    whenDone: NO_GUARDS,
    throws: false,
    cut: 0,
  };
}

export function hitKey({ sink, origin, ended }: Hit): string {
  return `${sink.kind}|${sink.arg.file}:${sink.arg.start}:${sink.arg.end}|${origin.id}|${ended ? 1 : 0}`;
}

/** Keeps the shortest way from a root to a sink; false if there was no room for another. */
export function addHit(hits: Map<string, Hit>, hit: Hit, limit = HIT_LIMIT): boolean {
  const key = hitKey(hit);
  const known = hits.get(key);
  if (!known && hits.size >= limit) return false;
  if (!known || hit.origin.steps.length < known.origin.steps.length) hits.set(key, hit);
  return true;
}

/** Whether a caller could still give a root a value. */
export function isOpen({ k }: Root): boolean {
  return k === 'param' || k === 'this' || k === 'captured';
}

/** The same, or what runs before the function. */
export function isUndecided(root: Root): boolean {
  return root.k === 'left' || isOpen(root);
}

export function addWrite(summary: Summary, write: Write): void {
  const known = summary.writes.some(
    one =>
      rootKey(one.root) === rootKey(write.root) &&
      one.path.join('.') === write.path.join('.') &&
      sameOrigins(one.value, write.value),
  );
  if (!known && summary.writes.length < 40) summary.writes.push(write);
}

function sameOrigins(a: Taint, b: Taint): boolean {
  return a.own.length === b.own.length && a.own.every((origin, position) => origin.id === b.own[position]?.id);
}
