import type { FileFacts, FunctionFact, Pos, Stmt } from '../../model/facts.ts';
import { moveSpans } from '../spans.ts';
import { type BodyDiff, changedStatements, diffBodies, mergeBodies } from './body-diff.ts';
import { occurrences } from './occurrences.ts';

/** Keys under which facts hold positions. */
const POSITIONS: ReadonlySet<string> = new Set(['p', 'np', 'mp', 'handlerPos']);
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
  'broken',
  'secrets',
] as const;
const FREE = ['lines', 'comments'] as const;

/** How the facts of a file before an edit become those after it. */
export interface Graft {
  /** Functions whose body differs. */
  readonly changed: readonly FunctionFact[];
  /** Those of them in which all that was taken away and all that came is judged so; to be asked before `apply`. */
  those(judge: Judge): readonly FunctionFact[];
  /** Makes the old facts equal to the new ones; what says the same stays the same object, functions and all. */
  apply(): void;
}

/** Undefined if more than positions and the bodies of functions differ. */
export function graft(old: FileFacts, next: FileFacts): Graft | undefined {
  if (old.generated || next.generated || old.functions.length !== next.functions.length) return undefined;
  if (!FIXED.every(key => alike(old[key], next[key]))) return undefined;
  const changed = new Map<FunctionFact, BodyDiff>();
  for (const [position, fn] of old.functions.entries()) {
    const { body, ...head } = fn;
    const { body: nextBody, ...nextHead } = next.functions[position]!;
    if (!alike(head, nextHead)) return undefined;
    if (alike(body, nextBody)) continue;
    // What stands at the top level of a module decides on everything else.
    if (fn.id === 0) return undefined;
    changed.set(fn, diffBodies(body, nextBody, alike));
  }
  return {
    changed: [...changed.keys()],
    those(judge) {
      const whole = [...changed].filter(([fn, diff]) => {
        const { gone, come } = changedStatements(diff);
        return judge(fn, gone, old, diff) && judge(fn, come, next, diff);
      });
      return whole.map(([fn]) => fn);
    },
    apply() {
      const moved: Pos[] = [];
      const moveOne = (a: unknown, b: unknown): void => move(a, b, moved);
      for (const key of FIXED) moveOne(old[key], next[key]);
      for (const [position, fn] of old.functions.entries()) {
        const { body, ...head } = fn;
        const { body: nextBody, ...nextHead } = next.functions[position]!;
        moveOne(head, nextHead);
        const diff = changed.get(fn);
        if (diff) Object.assign(fn, { body: mergeBodies(diff, moveOne) });
        else moveOne(body, nextBody);
      }
      for (const key of FREE) Object.assign(old, { [key]: next[key] });
      for (const p of moved) moveSpans(p);
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

/** Whether two parts of facts say the same, wherever they stand. */
function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) if (!alike(a[at], b[at])) return false;
    return true;
  }
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in one)
    if (POSITIONS.has(key) ? (one[key] === undefined) !== (other[key] === undefined) : !alike(one[key], other[key]))
      return false;
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

function move(a: unknown, b: unknown, moved: Pos[]): void {
  if (typeof a !== 'object' || a === null) return;
  if (Array.isArray(a)) {
    for (let at = 0; at < a.length; at++) move(a[at], (b as unknown[])[at], moved);
    return;
  }
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in one) {
    if (!POSITIONS.has(key)) {
      move(one[key], other[key], moved);
      continue;
    }
    const [is, should] = [one[key] as [number, number] | undefined, other[key] as Pos | undefined];
    if (!is || !should || (is[0] === should[0] && is[1] === should[1])) continue;
    [is[0], is[1]] = should;
    moved.push(is);
  }
}
