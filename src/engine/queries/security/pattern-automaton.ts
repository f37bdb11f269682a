import type { AST } from '@eslint-community/regexpp';
import { isLeaf, type Leaf } from './pattern-letters.ts';

/** A place that has just taken a character, or (without a leaf) one before the pattern. */
export interface Place {
  readonly leaf: Leaf | undefined;
  /** Places that may take the next character; one that is reached in several ways stands here twice. */
  readonly next: readonly number[];
}

/** Where a pattern can be while it is tried on a text: 0 at the beginning of the text, 1 at any other place of it. */
export interface Automaton {
  readonly places: readonly Place[];
}

export const AT_START = 0;
export const ANYWHERE = 1;

/** More would take longer than a pattern that somebody wrote deserves. */
const PLACE_LIMIT = 300;
/** A part that is repeated so many times is as good as repeated for ever when ways through it are compared. */
const COPIES = 5;
/** One character costs little, and a text that gets past it has to be long enough. */
const LEAF_COPIES = 100;

/** Steps of ways that take nothing, from one place. */
const WAY_LIMIT = 2000;

interface State {
  leaf?: Leaf;
  /** Passed only where the text begins. */
  start?: true;
  readonly out: number[];
}

/**
 * The automaton of a pattern, with one place per character it takes. Assertions are passed as if they held and repetitions
 * with a limit are cut short: whoever finds something in it has to try it on the pattern itself.
 */
export function automatonOf(pattern: AST.Pattern, flags: string): Automaton | undefined {
  const states: State[] = [];
  const add = (state: Omit<State, 'out'> = {}): number => states.push({ ...state, out: [] }) - 1;
  const link = (from: number, to: number): void => {
    states[from]!.out.push(to);
  };

  const choice = (alternatives: readonly AST.Alternative[], from: number): number => {
    const end = add();
    for (const { elements } of alternatives)
      link(
        elements.reduce((at, element) => one(element, at), from),
        end,
      );
    return end;
  };
  const one = (node: AST.Element, from: number): number => {
    if (states.length > 4 * PLACE_LIMIT) throw new RangeError('too many places');
    if (isLeaf(node)) return stepped(from, add({ leaf: node }));
    if (node.type === 'Group' || node.type === 'CapturingGroup') return choice(node.alternatives, from);
    if (node.type === 'Quantifier') return repeated(node, from);
    if (node.type !== 'Assertion') return from;
    if (node.kind === 'start') return stepped(from, add({ start: true }));
    // What looks ahead is tried beside the way that goes on, and leads nowhere.
    if (node.kind === 'lookahead') choice(node.alternatives, from);
    return from;
  };
  const stepped = (from: number, to: number): number => {
    link(from, to);
    return to;
  };
  const repeated = ({ min, max, element }: AST.Quantifier, from: number): number => {
    let at = from;
    const least = Math.min(min, isLeaf(element) ? LEAF_COPIES : COPIES);
    for (let n = 0; n < least; n++) at = one(element, at);
    const end = add();
    if (max === Number.POSITIVE_INFINITY) {
      const loop = stepped(at, add());
      link(one(element, loop), loop);
      link(loop, end);
      return end;
    }
    link(at, end);
    for (let n = least; n < Math.min(max, least + COPIES); n++) {
      at = one(element, at);
      link(at, end);
    }
    return end;
  };

  try {
    const entry = add();
    choice(pattern.alternatives, entry);
    return placesOf(states, entry, flags.includes('m'));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function placesOf(states: readonly State[], entry: number, startsAnywhere: boolean): Automaton | undefined {
  const taking = states.flatMap(({ leaf }, at) => (leaf ? [at] : []));
  if (taking.length > PLACE_LIMIT) return undefined;
  const index = new Map(taking.map((at, n) => [at, n + 2]));
  const next = (at: number, starting: boolean): number[] =>
    takersBehind(states, at, starting || startsAnywhere).map(taker => index.get(taker)!);
  const places: Place[] = [{ leaf: undefined, next: next(entry, true) }];
  places.push({ leaf: undefined, next: [ANYWHERE, ...next(entry, false)] });
  for (const at of taking) places.push({ leaf: states[at]!.leaf, next: next(at, false) });
  return { places };
}

/** Ways to the next character that take nothing on their way, at most two for each: a third would say no more. */
function takersBehind(states: readonly State[], from: number, starting: boolean): number[] {
  const found: number[] = [];
  const count = new Map<number, number>();
  // A way may pass a place again but takes no step twice: a round of a loop that takes nothing does not count.
  const path = new Set<string>();
  let steps = 0;
  const go = (at: number): void => {
    for (const to of states[at]!.out) {
      const step = `${at} ${to}`;
      if (path.has(step) || ++steps > WAY_LIMIT) continue;
      const state = states[to]!;
      if (state.start && !starting) continue;
      if (state.leaf) {
        const times = (count.get(to) ?? 0) + 1;
        count.set(to, times);
        if (times <= 2) found.push(to);
        continue;
      }
      path.add(step);
      go(to);
      path.delete(step);
    }
  };
  go(from);
  return found;
}
