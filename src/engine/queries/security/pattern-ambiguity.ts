import { ANYWHERE, AT_START, type Automaton } from './pattern-automaton.ts';
import type { Letters } from './pattern-letters.ts';

/** A text that may keep a pattern busy: `prefix`, then `pump` many times, then something that does not match. */
export interface Candidate {
  readonly prefix: string;
  readonly pump: string;
  /** The loop that may take the repeated characters in another way, too: places in one repetition of the pattern. */
  readonly loop: readonly number[];
  /** Characters that end one of the ways. */
  readonly ends: readonly string[];
}

/** Compared pairs and triples of places; what needs more is not known. */
const STEP_LIMIT = 50_000;

/** A way through the automaton of pairs or triples: the letters and the places passed. */
interface Way {
  readonly letters: string;
  readonly passed: readonly (readonly number[])[];
}

/** Searches for ambiguity of one automaton, all within one limit of steps, so that the answer is always the same. */
export function ambiguityOf({ places }: Automaton, letters: Letters) {
  let left = STEP_LIMIT;
  const taken = places.map(({ leaf }, at) =>
    letters.samples.map(letter => (leaf ? letters.takes(leaf, letter) : at === ANYWHERE)),
  );
  const groups = components(places.map(({ next }) => next));
  const inLoop = (at: number): boolean => groups.members[groups.of[at]!]!.length > 1 || places[at]!.next.includes(at);

  /** The shortest way from one tuple of places to one that is wanted, all members of it reading the same letters. */
  const wayTo = (
    from: readonly number[],
    within: readonly ((at: number) => boolean)[],
    wanted: (tuple: readonly number[]) => boolean,
  ): Way | undefined => {
    interface Step {
      readonly tuple: readonly number[];
      readonly letter: number;
      readonly before: Step | undefined;
    }
    const seen = new Set<string>();
    let edge: Step[] = [{ tuple: from, letter: -1, before: undefined }];
    while (edge.length > 0) {
      const further: Step[] = [];
      for (const step of edge) {
        for (let letter = 0; letter < letters.samples.length; letter++) {
          for (const tuple of successors(step.tuple, letter, within)) {
            if (--left < 0) return undefined;
            const key = tuple.join();
            const reached = { tuple, letter, before: step };
            if (wanted(tuple)) return unwound(reached);
            if (seen.has(key)) continue;
            seen.add(key);
            further.push(reached);
          }
        }
      }
      edge = further;
    }
    return undefined;

    function unwound(last: Step): Way {
      const steps: Step[] = [];
      for (let at: Step | undefined = last; at?.before; at = at.before) steps.unshift(at);
      return {
        letters: steps.map(({ letter }) => letters.samples[letter]!).join(''),
        passed: steps.map(({ tuple }) => tuple),
      };
    }
  };
  const successors = (
    tuple: readonly number[],
    letter: number,
    within: readonly ((at: number) => boolean)[],
  ): number[][] =>
    tuple.reduce<number[][]>(
      (all, at, n) => {
        const next = places[at]!.next.filter(to => taken[to]![letter] && within[n]!(to));
        return all.flatMap(before => next.map(to => [...before, to]));
      },
      [[]],
    );
  const prefixTo = (at: number): string | undefined => {
    if (at === ANYWHERE) return '';
    const any = (): boolean => true;
    const starts = [AT_START, ANYWHERE].map(from => wayTo([from], [any], ([to]) => to === at)?.letters);
    return starts.filter(way => way !== undefined).toSorted((a, b) => a.length - b.length)[0];
  };
  const candidate = (at: number, loop: readonly number[], ...ways: readonly Way[]): Candidate[] => {
    const prefix = prefixTo(at);
    const ends = [loop, groups.members[groups.of[at]!]!].flatMap(
      one => letters.samples.find((_, n) => one.every(place => place === ANYWHERE || !taken[place]![n])) ?? [],
    );
    return prefix === undefined ? [] : [{ prefix, pump: ways.map(way => way.letters).join(''), loop, ends }];
  };

  return {
    /** Places that come back to themselves in two ways over the same text: every repetition doubles the ways. */
    *doubling(): Generator<Candidate> {
      for (const [at, { next }] of places.entries()) {
        if (at <= ANYWHERE || !inLoop(at)) continue;
        const inside = (to: number): boolean => groups.of[to] === groups.of[at];
        const twice = next.find((to, n) => inside(to) && next.indexOf(to) !== n);
        if (twice !== undefined) {
          const letter = letters.samples.findIndex((_, n) => taken[twice]![n]);
          const step = { letters: letters.samples[letter] ?? '', passed: [[twice]] };
          const home = twice === at ? { letters: '', passed: [] } : wayTo([twice], [inside], ([to]) => to === at);
          if (home && letter >= 0) yield* candidate(at, [at, ...all(step, home)], step, home);
          continue;
        }
        const apart = wayTo([at, at], [inside, inside], ([a, b]) => a !== b);
        const [a, b] = apart?.passed.at(-1) ?? [];
        if (!apart || a === undefined || b === undefined) continue;
        const home = wayTo([a, b], [inside, inside], ([x, y]) => x === at && y === at);
        if (home) yield* candidate(at, [at, ...all(apart, home)], apart, home);
      }
    },
    /** Two loops, one behind the other, over the same text: every place of it may be the border between them. */
    *shifting(): Generator<Candidate> {
      const loops = places.flatMap((_, at) => (at !== AT_START && inLoop(at) ? [at] : []));
      for (const first of loops) {
        for (const second of loops) {
          if (groups.of[first] === groups.of[second] || !groups.ahead[first]!.has(second)) continue;
          const way = wayTo(
            [first, first, second],
            [to => groups.of[to] === groups.of[first], () => true, to => groups.of[to] === groups.of[second]],
            ([a, b, c]) => a === first && b === second && c === second,
          );
          if (way)
            yield* candidate(
              first,
              way.passed.map(tuple => tuple[2]!),
              way,
            );
        }
      }
    },
  };
}

function all(...ways: readonly Way[]): number[] {
  return ways.flatMap(({ passed }) => passed.flat());
}

interface Components {
  /** The number of the component a place is in. */
  readonly of: readonly number[];
  readonly members: readonly (readonly number[])[];
  /** What can be reached from each place. */
  readonly ahead: readonly ReadonlySet<number>[];
}

/** Places that can be reached from one another. */
function components(next: readonly (readonly number[])[]): Components {
  const reach = (from: number): Set<number> => {
    const found = new Set<number>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const to of next[at]!) {
        if (found.has(to)) continue;
        found.add(to);
        open.push(to);
      }
    return found;
  };
  const ahead = next.map((_, at) => reach(at));
  const of = next.map(() => -1);
  const members: number[][] = [];
  next.forEach((_, at) => {
    if (of[at] !== -1) return;
    const all = [at, ...[...ahead[at]!].filter(to => to !== at && ahead[to]!.has(at))];
    for (const one of all) of[one] = members.length;
    members.push(all);
  });
  return { of, members, ahead };
}
