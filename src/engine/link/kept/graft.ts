import type { FileFacts, FunctionFact, Pos, Stmt } from '../../model/facts.ts';
import { moveSpans } from '../spans.ts';

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
  /** Functions whose body differs, as they were. */
  readonly changed: readonly FunctionFact[];
  /** Those of them that came to no more than a quiet statement more or less: carrying them out gives the same. */
  readonly quiet: ReadonlySet<FunctionFact>;
  /** Makes the old facts equal to the new ones; every function, class and file stays the same object. */
  apply(): void;
}

/** Undefined if more than positions and the bodies of functions differ. */
export function graft(old: FileFacts, next: FileFacts): Graft | undefined {
  if (old.generated || next.generated || old.functions.length !== next.functions.length) return undefined;
  if (!FIXED.every(key => alike(old[key], next[key]))) return undefined;
  const changed: FunctionFact[] = [];
  const quiet = new Set<FunctionFact>();
  const [isQuietBefore, isQuietNow] = [quietIn(old), quietIn(next)];
  for (const [position, fn] of old.functions.entries()) {
    const { body, ...head } = fn;
    const { body: nextBody, ...nextHead } = next.functions[position]!;
    if (!alike(head, nextHead)) return undefined;
    if (alike(body, nextBody)) continue;
    // What stands at the top level of a module decides on everything else.
    if (fn.id === 0) return undefined;
    changed.push(fn);
    if (alike(loud(body, isQuietBefore), loud(nextBody, isQuietNow))) quiet.add(fn);
  }
  return {
    changed,
    quiet,
    apply() {
      const moved: Pos[] = [];
      for (const key of FIXED) move(old[key], next[key], moved);
      for (const [position, fn] of old.functions.entries()) {
        const { body, ...head } = fn;
        const { body: nextBody, ...nextHead } = next.functions[position]!;
        move(head, nextHead, moved);
        if (quiet.has(fn)) {
          const kept = loud(body, isQuietBefore);
          move(kept, loud(nextBody, isQuietNow), moved);
          const rest = kept.values();
          Object.assign(fn, { body: nextBody.map(stmt => (isQuietNow(stmt, nextBody) ? stmt : rest.next().value)) });
        } else if (changed.includes(fn)) Object.assign(fn, { body: nextBody });
        else move(body, nextBody, moved);
      }
      for (const key of FREE) Object.assign(old, { [key]: next[key] });
      for (const p of moved) moveSpans(p);
    },
  };
}

type IsQuiet = (stmt: Stmt, list: readonly Stmt[]) => boolean;

/**
 * Of a body's own statements those that do nothing when they are carried out: a variable is set to what stands there,
 * and its name occurs nowhere else in the file. What ends a body may be looked at for that, so it never counts.
 */
function quietIn(facts: FileFacts): IsQuiet {
  const known = new Map<Stmt, boolean>();
  return (stmt, list) => {
    if (stmt.k !== 'let' || stmt.pat.k !== 'pid' || stmt.t || !stmt.v || !LITERALS.has(stmt.v.k)) return false;
    if (stmt === list.at(-1)) return false;
    let found = known.get(stmt);
    if (found === undefined) {
      found = occurrences(facts, stmt.pat.n) === 1;
      known.set(stmt, found);
    }
    return found;
  };
}

const LITERALS: ReadonlySet<string> = new Set(['str', 'num', 'bool', 'nil']);

function loud(body: readonly Stmt[], isQuiet: IsQuiet): readonly Stmt[] {
  return body.filter(stmt => !isQuiet(stmt, body));
}

/** How often a text is a value in facts: as a name, or as anything else. */
function occurrences(facts: unknown, text: string): number {
  if (facts === text) return 1;
  if (typeof facts !== 'object' || facts === null) return 0;
  let count = 0;
  for (const one of Object.values(facts)) count += occurrences(one, text);
  return count;
}

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
