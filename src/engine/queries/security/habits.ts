import type { Endpoint } from '../../link/endpoint.ts';
import type { Evidence } from '../../model/finding.ts';
import type { Span } from '../../model/span.ts';

/** What nearly all of a kind do, and one of the few that do not. */
export interface BrokenHabit {
  readonly how: 'calls' | 'stands behind' | 'validates' | 'transaction' | 'timeout';
  readonly span: Span;
  /** The odd one out: a route, a function, or the host of a request. */
  readonly subject: string;
  /** What they have in common: `routes with :projectId`. */
  readonly kind: string;
  /** What the others call or stand behind; empty where they need not do it in one way. */
  readonly name: string;
  readonly followers: readonly Evidence[];
  readonly count: number;
  /** Those of the kind, this one included. */
  readonly all: number;
}

/** Below this many a habit is a coincidence. */
const LEAST = 10;
/** The share that must follow it. */
const SUPPORT = 0.9;
/** More exceptions than these are a second habit. */
const EXCEPTIONS = 3;

export function areEnough(count: number): boolean {
  return count >= LEAST;
}

/** Followers that are shown as evidence. */
export const SHOWN = 5;

/** Whether so many followers may still show a habit, whoever else there is. */
export function mayShowHabit(followers: number): boolean {
  return followers >= LEAST * SUPPORT;
}

export function isHabit(followers: number, others: number): boolean {
  const all = followers + others;
  return areEnough(all) && others > 0 && others <= EXCEPTIONS && followers / all >= SUPPORT;
}

export function routeOf({ method, path }: Endpoint): string {
  return `${method} ${path}`;
}

export function doesIt(endpoint: Endpoint): Evidence {
  return { span: endpoint.span, message: `${routeOf(endpoint)} does` };
}

/** Items by what they have in common, in the order they came in. */
export function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const out = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = out.get(key);
    if (list) list.push(item);
    else out.set(key, [item]);
  }
  return out;
}
