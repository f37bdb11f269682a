import type { AST } from '@eslint-community/regexpp';
import { isLeaf, type Letters } from './pattern-letters.ts';

type Next = (at: number) => boolean;
/** Tries to go on from a place of the text; true if the whole pattern matched. */
type Matcher = (at: number, next: Next) => boolean;

class OutOfSteps extends Error {}

/** A matcher that is tried on texts: how many characters it looks at until it knows, infinite above `most`. */
export type StepCounter = (given: string, most: number) => number;

/**
 * Counts the characters a backtracking matcher looks at until it knows whether a text holds the pattern, as V8 does
 * without its shortcuts.
 */
export function stepCounter(pattern: AST.Pattern, letters: Letters, flags: string): StepCounter {
  let text = '';
  let steps = 0;
  let limit = 0;
  const groups = new Map<AST.CapturingGroup, readonly [number, number]>();
  const multiline = flags.includes('m');
  const isWord = (at: number): boolean => /\w/.test(text[at] ?? ' ');
  const endsLine = (at: number): boolean => multiline && /[\n\r\u2028\u2029]/.test(text[at] ?? '');

  const choice = (alternatives: readonly AST.Alternative[]): Matcher => {
    const ways = alternatives.map(({ elements }) => elements.map(one).reduceRight(follow, passes));
    return (at, next) => ways.some(way => way(at, next));
  };
  const one = (node: AST.Element): Matcher => {
    if (isLeaf(node)) {
      const known = new Map<string, boolean>();
      return (at, next) => {
        if (++steps > limit) throw new OutOfSteps();
        const letter = text[at];
        if (letter === undefined) return false;
        const takes = known.get(letter) ?? letters.takes(node, letter);
        known.set(letter, takes);
        return takes && next(at + 1);
      };
    }
    switch (node.type) {
      case 'Group':
        return choice(node.alternatives);
      case 'CapturingGroup':
        return captured(node, choice(node.alternatives));
      case 'Quantifier':
        return repeated(node, one(node.element));
      case 'Backreference':
        return repetition([node.resolved].flat());
      case 'Assertion':
        return node.kind === 'lookahead' || node.kind === 'lookbehind' ? looking(node) : boundary(node);
    }
  };
  const captured =
    (node: AST.CapturingGroup, inner: Matcher): Matcher =>
    (at, next) => {
      const before = groups.get(node);
      const matched = inner(at, end => {
        const inside = groups.get(node);
        groups.set(node, [at, end]);
        if (next(end)) return true;
        if (inside) groups.set(node, inside);
        else groups.delete(node);
        return false;
      });
      if (!matched && before) groups.set(node, before);
      return matched;
    };
  const repetition =
    (nodes: readonly AST.CapturingGroup[]): Matcher =>
    (at, next) => {
      const [from, to] = nodes.map(node => groups.get(node)).find(known => known) ?? [0, 0];
      return text.startsWith(text.slice(from, to), at) && next(at + to - from);
    };
  const repeated = ({ min, max, greedy }: AST.Quantifier, inner: Matcher): Matcher => {
    const again = (at: number, times: number, next: Next): boolean => {
      // A round that takes nothing is no round.
      const round = (): boolean =>
        times < max && inner(at, end => (end > at || times < min) && again(end, times + 1, next));
      if (times < min) return round();
      return greedy ? round() || next(at) : next(at) || round();
    };
    return (at, next) => again(at, 0, next);
  };
  const boundary = (node: AST.BoundaryAssertion): Matcher => {
    switch (node.kind) {
      case 'start':
        return (at, next) => (at === 0 || endsLine(at - 1)) && next(at);
      case 'end':
        return (at, next) => (at === text.length || endsLine(at)) && next(at);
      case 'word':
        return (at, next) => (isWord(at) !== isWord(at - 1)) !== node.negate && next(at);
    }
  };
  const looking = (node: AST.LookaroundAssertion): Matcher => {
    const inner = choice(node.alternatives);
    const holds = (at: number): boolean => {
      if (node.kind === 'lookahead') return inner(at, () => true);
      // Engines read it backwards, which nobody writes to be slow.
      const before = steps;
      for (let from = at; from >= 0; from--) if (inner(from, end => end === at)) return true;
      steps = before + 1;
      return false;
    };
    return (at, next) => holds(at) !== node.negate && next(at);
  };

  const whole = choice(pattern.alternatives);
  return (given, most) => {
    text = given;
    steps = 0;
    limit = most;
    groups.clear();
    try {
      for (let at = 0; at <= text.length; at++) {
        let end = at;
        const matched = whole(at, to => {
          end = to;
          return true;
        });
        if (flags.includes('y') || (matched && !flags.includes('g'))) break;
        // What replaces or splits goes on behind the match.
        if (end > at) at = end - 1;
      }
      return steps;
    } catch (error) {
      if (error instanceof OutOfSteps) return Number.POSITIVE_INFINITY;
      throw error;
    }
  };
}

const passes: Matcher = (at, next) => next(at);

function follow(rest: Matcher, first: Matcher): Matcher {
  return (at, next) => first(at, middle => rest(middle, next));
}
