import { callsIn } from '../../link/call-index.ts';
import { callbackSite } from '../../link/callbacks.ts';
import { eachExprIn, eachStmt, isExpr } from '../../link/env.ts';
import { bodyMemo } from '../../link/kept/fact-memo.ts';
import type { FileUnit } from '../../link/values.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';

const ONCE = /^(?:once|memo\w*|lazy\w*|cached?|singleton|useMemo)$/i;

/**
 * Whether a function keeps what it makes and gives it again the next time: it fills a place outside of itself that it
 * also looks at, or it is handed to something that calls it once.
 */
export function isMemoised(unit: FileUnit, fn: FunctionFact): boolean {
  return (
    looksUp(fn) ||
    handedToOnce(unit, fn) ||
    storedByParent(unit, fn) ||
    checkedByOthers(unit, fn) ||
    isOnlyOne(unit, fn)
  );
}

/** `if (!client) client = …`, `client ??= …`, `map.has(key)` … `map.set(key, …)`. */
function looksUp(fn: FunctionFact): boolean {
  const { written, read } = placesOf(fn);
  return [...written].some(place => read.has(place));
}

/** `if (!pool) await createPool()`, where `createPool` fills the module's `pool`. */
function checkedByOthers(unit: FileUnit, fn: FunctionFact): boolean {
  const { written } = placesOf(fn);
  if (written.size === 0) return false;
  return unit.facts.functions.some(other => {
    const { read } = placesOf(other);
    return other !== fn && other.id !== 0 && [...written].some(place => read.has(place));
  });
}

interface Places {
  readonly written: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
}

const places = bodyMemo<Places>();

/** What outlives a call and is filled, or looked at in a condition, by a function. */
function placesOf(fn: FunctionFact): Places {
  let found = places.get(fn);
  if (!found) {
    found = collect(fn);
    places.set(fn, found);
  }
  return found;
}

function collect(fn: FunctionFact): Places {
  const written = new Set<string>();
  const read = new Set<string>();
  const note = (into: Set<string>, e: Expr | undefined): void => {
    const place = e && placeOf(e, fn);
    if (place) into.add(place);
  };
  eachExprIn(fn, e => {
    if (e.k === 'assign' && isExpr(e.l)) {
      note(written, e.l);
      if (e.op === '??=' || e.op === '||=') note(read, e.l);
    } else if (e.k === 'call' && e.f.k === 'mem') {
      if (e.f.n === 'set' || e.f.n === 'add') note(written, e.f.o);
      if (e.f.n === 'get' || e.f.n === 'has') note(read, e.f.o);
    } else if (e.k === 'log') note(read, e.l);
    else if (e.k === 'cond') note(read, e.t);
    else if (e.k === 'un' && e.op === '!') note(read, e.e);
  });
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'if') return;
    for (const test of stmt.t.k === 'bin' ? [stmt.t.l, stmt.t.r] : [stmt.t])
      note(read, test.k === 'mem' && test.n === 'size' ? test.o : test);
  });
  return { written, read };
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

/** The constructor of a class that keeps its only instance: `if (!Server.instance) Server.instance = new Server()`. */
function isOnlyOne({ facts }: FileUnit, fn: FunctionFact): boolean {
  const name = fn.kind === 'ctor' && fn.cls !== undefined ? facts.classes[fn.cls]?.name : undefined;
  if (!name) return false;
  return facts.functions.some(
    other =>
      looksUp(other) && callsIn(other).some(({ call: { new: made, f } }) => made && f.k === 'id' && f.n === name),
  );
}
