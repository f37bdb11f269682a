import type { AST } from '@eslint-community/regexpp';
import type { Expr } from '../../model/facts.ts';
import { ambiguityOf, type Candidate } from './pattern-ambiguity.ts';
import { type Automaton, automatonOf } from './pattern-automaton.ts';
import { isLeaf, type Leaf, lettersOf } from './pattern-letters.ts';
import { stepCounter } from './pattern-run.ts';
import { patternTree, type RegexText } from './regex-shape.ts';

/** How the time of a pattern grows with the length of a text that it does not match in the end. */
export interface PatternCost {
  readonly growth: 'exponential' | 'polynomial';
  /** The part that can match the same characters in several ways. */
  readonly part: string;
}

/** Longer ones are generated, and their analysis would take longer than they ever will. */
const LENGTH_LIMIT = 600;
/** Texts that are tried on a pattern before it is taken for a harmless one, and the steps that takes in all. */
const CANDIDATES = 8;
const STEPS_IN_ALL = 400_000;
/** Steps over one text: enough to tell the ways of growing apart. */
const STEPS = 20_000;
/** Characters of a text that is tried: the matcher calls itself for each. */
const TEXT_LIMIT = 500;

const costs = new WeakMap<Expr, PatternCost | undefined>();

/**
 * The worst of a pattern: an exponential one before one that only is quadratic. The automaton of the pattern proposes
 * texts it could be ambiguous on; a matcher that counts its steps tells whether they keep it busy. Kept for literals,
 * which depend on nothing else.
 */
export function costOf(at: Expr, regex: RegexText): PatternCost | undefined {
  if (at.k !== 'regex') return worked(at, regex);
  if (!costs.has(at)) costs.set(at, worked(at, regex));
  return costs.get(at);
}

function worked(at: Expr, regex: RegexText): PatternCost | undefined {
  const pattern = regex.source.length > LENGTH_LIMIT ? undefined : patternTree(at, regex);
  const automaton = pattern && automatonOf(pattern, regex.flags);
  if (!automaton) return undefined;
  const leaves = new Set(automaton.places.flatMap(({ leaf }) => leaf ?? []));
  const letters = lettersOf([...leaves], regex);
  const { doubling, shifting } = ambiguityOf(automaton, letters);
  const count = stepCounter(pattern, letters, regex.flags);
  const [rare = ''] = letters.samples;
  const busy = (found: Iterable<Candidate>, grows: (steps: StepsOf) => boolean): Candidate | undefined => {
    let tried = 0;
    let left = STEPS_IN_ALL;
    for (const one of found) {
      const ends = new Set(['', rare, ...one.ends]);
      const pumps = regex.flags.includes('m') ? [one.pump, `\n${one.pump}`] : [one.pump];
      for (const prefix of one.prefix ? [one.prefix] : ['', rare])
        for (const pump of pumps)
          for (const suffix of [...ends, ...[...ends].map(end => `${end}\n`)]) {
            const of = (times: number): number => {
              const steps = count(prefix + pump.repeat(times) + suffix, STEPS);
              left -= Math.min(steps, STEPS);
              return steps;
            };
            if (grows({ most: TEXT_LIMIT / pump.length, of })) return one;
            if (left < 0) return undefined;
          }
      if (++tried === CANDIDATES) return undefined;
    }
    return undefined;
  };
  const doubled = busy(doubling(), growsByPowers);
  if (doubled) return { growth: 'exponential', part: partOf(automaton, doubled, true) };
  const shifted = busy(shifting(), growsBySquares);
  return shifted && { growth: 'polynomial', part: partOf(automaton, shifted, false) };
}

/** The steps over a text with so many repetitions (infinite above what is worth counting), and how many there may be. */
interface StepsOf {
  readonly most: number;
  of(times: number): number;
}

/** Two repetitions more multiply the steps, again and again: by four if each of them can be taken in two ways. */
function growsByPowers({ of, most }: StepsOf): boolean {
  let before: number | undefined;
  let growing = 0;
  for (let times = 2; times <= Math.min(20, most); times += 2) {
    const steps = of(times);
    if (before !== undefined) growing = steps / before > 2.5 ? growing + 1 : 0;
    if (steps === Number.POSITIVE_INFINITY) return growing >= 2 || (before ?? STEPS) * 10 < STEPS;
    before = steps;
  }
  return growing > 2;
}

/** Twice as long a text takes four times as many steps; what is read from place to place takes twice as many. */
function growsBySquares({ of, most }: StepsOf): boolean {
  const half = Math.min(32, Math.max(4, Math.floor(most / 10)));
  if (2 * half > most) return false;
  const first = of(half);
  return first !== Number.POSITIVE_INFINITY && of(2 * half) / first > 3;
}

/** The smallest repetition around the loop; one of a single character takes a text in one way only, so `nested` looks further. */
function partOf({ places }: Automaton, { loop }: Candidate, nested: boolean): string {
  const [first = [], ...others] = loop.flatMap(at => places[at]!.leaf ?? []).map(repetitionsAround);
  const around = first.filter(one => others.every(rest => rest.includes(one)));
  return ((nested && around.find(({ element }) => !isLeaf(element))) || around[0] || first[0])?.raw ?? '';
}

function repetitionsAround(leaf: Leaf): AST.Quantifier[] {
  const found: AST.Quantifier[] = [];
  for (let at: AST.Node | null = leaf; at; at = at.parent)
    if (at.type === 'Quantifier' && at.max > Math.max(1, at.min)) found.push(at);
  return found;
}
