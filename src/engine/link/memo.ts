import type { Expr, FunctionFact } from '../model/facts.ts';
import { callbackSite } from './callbacks.ts';
import { eachExprIn, eachStmt } from './env.ts';
import type { FileUnit } from './values.ts';

const ONCE = /^(?:once|memo\w*|lazy\w*|cached?|singleton|useMemo)$/i;

const known = new WeakMap<FunctionFact, boolean>();

/**
 * Whether a function keeps what it makes and gives it again the next time: it fills a place outside of itself that it
 * also looks at, or it is handed to something that calls it once.
 */
export function isMemoised(unit: FileUnit, fn: FunctionFact): boolean {
  let found = known.get(fn);
  if (found === undefined) {
    found = looksUp(fn) || handedToOnce(unit, fn) || storedByParent(unit, fn);
    known.set(fn, found);
  }
  return found;
}

/** `if (!client) client = …`, `client ??= …`, `map.has(key)` … `map.set(key, …)`. */
function looksUp(fn: FunctionFact): boolean {
  const written = new Set<string>();
  const read = new Set<string>();
  eachExprIn(fn, e => {
    if (e.k === 'assign' && e.op !== '=' && /^(?:\?\?|\|\|)=$/.test(e.op)) {
      const place = placeOf(e.l as Expr, fn);
      if (place) {
        written.add(place);
        read.add(place);
      }
    } else if (e.k === 'assign') {
      const place = placeOf(e.l as Expr, fn);
      if (place) written.add(place);
    } else if (e.k === 'call' && e.f.k === 'mem') {
      const place = placeOf(e.f.o, fn);
      if (place && (e.f.n === 'set' || e.f.n === 'add')) written.add(place);
      if (place && (e.f.n === 'get' || e.f.n === 'has')) read.add(place);
    } else if (e.k === 'log') {
      const place = placeOf(e.l, fn);
      if (place) read.add(place);
    } else if (e.k === 'cond' || (e.k === 'un' && e.op === '!')) {
      const place = placeOf(e.k === 'cond' ? e.t : e.e, fn);
      if (place) read.add(place);
    }
  });
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'if') return;
    const tests = stmt.t.k === 'bin' ? [stmt.t.l, stmt.t.r] : stmt.t.k === 'un' ? [stmt.t.e] : [stmt.t];
    for (const test of tests) {
      const place = placeOf(test, fn);
      if (place) read.add(place);
    }
  });
  return [...written].some(place => read.has(place));
}

/** The root of a variable, field or element that outlives the call. */
function placeOf(e: Expr, fn: FunctionFact): string | undefined {
  if (e.k === 'id') return e.s === fn.id ? undefined : e.n;
  if (e.k === 'this') return 'this';
  if (e.k === 'mem') {
    const root = placeOf(e.o, fn);
    return root === undefined ? undefined : `${root}.${e.n}`;
  }
  if (e.k === 'idx') return placeOf(e.o, fn);
  return e.k === 'as' ? placeOf(e.e, fn) : undefined;
}

function handedToOnce(unit: FileUnit, fn: FunctionFact): boolean {
  const callee = callbackSite(unit.facts, fn)?.call.f;
  const name = callee?.k === 'mem' ? callee.n : callee?.k === 'id' ? callee.n : '';
  return ONCE.test(name);
}

/** A maker that its caller keeps: `client ??= create()` counts for `create` when that is written inside. */
function storedByParent(unit: FileUnit, fn: FunctionFact): boolean {
  const parent = unit.facts.functions[fn.parent];
  return parent !== undefined && parent.kind !== 'module' && looksUp(parent);
}
