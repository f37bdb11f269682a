import { type FileFacts, type FunctionFact, MODULE, type Pos, type Stmt } from '../../model/facts.ts';
import { moveSpans } from '../spans.ts';
import { type Alignment, alignFunctions } from './align.ts';
import { type BodyDiff, changedStatements, diffBodies, mergeBodies } from './body-diff.ts';
import { occurrences } from './occurrences.ts';
import { isWatchedFunction, watchBodies } from './reads.ts';

/** Keys under which facts hold positions. */
const POSITIONS: ReadonlySet<string> = new Set(['p', 'np', 'mp', 'handlerPos']);
/** Keys under which facts hold numbers of functions of the file, if they hold numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['s', 'f', 'parent']);
/** What a file says apart from its functions and must be unchanged, and what may differ. */
const FIXED = [
  'path',
  'kind',
  'directives',
  'classes',
  'imports',
  'exports',
  'dependencies',
  'types',
  'secrets',
] as const;
const FREE = ['lines', 'comments', 'broken'] as const;

/** How the facts of a file before an edit become those after it. */
export interface Graft {
  /** Functions whose body differs, and those that are gone. */
  readonly changed: readonly FunctionFact[];
  /** Those of them in which all that was taken away and all that came is judged so; to be asked before `apply`. */
  those(judge: Judge): readonly FunctionFact[];

  /** Makes the old facts equal to the new ones; what says the same stays the same object, functions and all. */
  apply(): Grafted;
}

export interface Grafted {
  readonly come: readonly FunctionFact[];
  /** Functions that say the same, but name others that have another number now. */
  readonly renumbered: readonly FunctionFact[];
}

/** Undefined if more than positions and the bodies of functions differ, and the functions written in these. */
export function graft(old: FileFacts, next: FileFacts): Graft | undefined {
  if (old.generated || next.generated || (old.broken === 'outside') !== (next.broken === 'outside')) return undefined;
  const { pairs, gone, come, idOf } = alignFunctions(old, next);
  // What a class holds that is written in a function names functions, too, and nobody is told of it.
  if (gone.length + come.length > 0 && old.classes.some(cls => cls.parent !== MODULE)) return undefined;
  const alike = comparer(idOf);
  if (!FIXED.every(key => alike(old[key], next[key]))) return undefined;
  const changed = new Map<FunctionFact, BodyDiff>();
  for (const [fn, now] of pairs) {
    const { body, id, ...head } = fn;
    const { body: nextBody, id: nextId, ...nextHead } = now;
    if (!alike(head, nextHead)) return undefined;
    if (alike(body, nextBody)) continue;
    // What stands at the top level of a module decides on everything else.
    if (fn.id === MODULE) return undefined;
    changed.set(fn, diffBodies(body, nextBody, alike));
  }
  return {
    changed: [...changed.keys(), ...gone],

    those(judge) {
      const whole = [...changed].filter(([fn, diff]) => {
        if (idOf(fn.id) !== fn.id) return false;
        const { gone, come } = changedStatements(diff);
        return judge(fn, gone, old, diff) && judge(fn, come, next, diff);
      });
      return whole.map(([fn]) => fn);
    },
    apply() {
      const moved: Pos[] = [];
      const renumbered = new Set<FunctionFact>();
      const mover = (fn: FunctionFact | undefined) => (a: unknown, b: unknown) =>
        move(a, b, moved, () => fn && renumbered.add(fn));
      for (const key of FIXED) mover(undefined)(old[key], next[key]);
      for (const [fn, now] of pairs) {
        const { body, id, ...head } = fn;
        const { body: nextBody, id: nextId, ...nextHead } = now;
        const moveOne = mover(fn);
        moveOne(head, nextHead);
        Object.assign(fn, { id: nextId, parent: now.parent });
        const diff = changed.get(fn);
        if (diff) Object.assign(fn, { body: mergeBodies(diff, moveOne) });
        else moveOne(body, nextBody);
      }
      for (const key of FREE) {
        if (next[key] === undefined) delete (old as { [K in typeof key]?: unknown })[key];
        else Object.assign(old, { [key]: next[key] });
      }
      for (const p of moved) moveSpans(p);
      return { come: placeFunctions(old, next, pairs), renumbered: [...renumbered].filter(fn => !changed.has(fn)) };
    },
  };
}

/** Judges the statements that an edit took from a body, or brought to it, in the facts they are of. */
export type Judge = (fn: FunctionFact, stmts: readonly Stmt[], facts: FileFacts, diff: BodyDiff) => boolean;

/**
 * Of a body's own statements those that nobody sees who looks at it: a variable is set to what stands there, and its
 * name occurs nowhere else in the file. What ends a body may be looked at for that, so it never counts.
 */
export const isQuiet: Judge = (_fn, stmts, facts, { inner, tail }) =>
  !inner &&
  tail > 0 &&
  stmts.every(stmt => {
    if (stmt.k !== 'let' || stmt.pat.k !== 'pid' || stmt.t || !stmt.v || !LITERALS.has(stmt.v.k)) return false;
    return occurrences(facts, stmt.pat.n) === 1;
  });

const LITERALS: ReadonlySet<string> = new Set(['str', 'num', 'bool', 'nil']);

/** The functions of a file in their new order; gives those that came. */
function placeFunctions(old: FileFacts, next: FileFacts, pairs: Alignment['pairs']): FunctionFact[] {
  const kept = new Map(pairs.map(([fn, now]) => [now, fn]));
  const list = old.functions as FunctionFact[];
  const isWatched = isWatchedFunction(list[MODULE]!);
  list.splice(0, list.length, ...next.functions.map(fn => kept.get(fn) ?? fn));
  if (isWatched) watchBodies(old);
  return list.filter((_, at) => !kept.has(next.functions[at]!));
}

type Compare = (a: unknown, b: unknown) => boolean;

/** Whether two parts of facts say the same, wherever they stand and whatever number a function has. */
function comparer(idOf: Alignment['idOf']): Compare {
  const isSameNumber = (a: unknown, b: unknown): boolean =>
    typeof a === 'number' && a >= 0 ? idOf(a) === b : alike(a, b);
  const alike: Compare = (a, b) => {
    if (Object.is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      for (let at = 0; at < a.length; at++) if (!alike(a[at], b[at])) return false;
      return true;
    }
    const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
    for (const key in one) {
      const [is, should] = [one[key], other[key]];
      const isSame = POSITIONS.has(key)
        ? (is === undefined) === (should === undefined)
        : NUMBERS.has(key)
          ? isSameNumber(is, should)
          : alike(is, should);
      if (!isSame) return false;
    }
    for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
    return true;
  };
  return alike;
}

/** Gives facts the positions and numbers of equal ones; `renumber` is told where a number was another one. */
function move(a: unknown, b: unknown, moved: Pos[], renumber: () => void): void {
  if (typeof a !== 'object' || a === null) return;
  if (Array.isArray(a)) {
    for (let at = 0; at < a.length; at++) move(a[at], (b as unknown[])[at], moved, renumber);
    return;
  }
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in one) {
    if (POSITIONS.has(key)) {
      const [is, should] = [one[key] as [number, number] | undefined, other[key] as Pos | undefined];
      if (!is || !should || (is[0] === should[0] && is[1] === should[1])) continue;
      [is[0], is[1]] = should;
      moved.push(is);
    } else if (typeof one[key] !== 'number') move(one[key], other[key], moved, renumber);
    else if (NUMBERS.has(key) && one[key] !== other[key]) {
      one[key] = other[key];
      renumber();
    }
  }
}
