import { callsIn } from '../../link/call-index.ts';
import { eachExprIn } from '../../link/env.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { spanAt } from '../../link/spans.ts';
import type { Expr, FileFacts, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A function that copies all names of an object into another one, level by level. */
export interface MergeHelper {
  readonly name: string;
  /** Where a name is set. */
  readonly span: Span;
}

/** Functions that call themselves with a property of their target and set its properties by any name. */
export const mergeHelpers: (model: Model) => MergeHelper[] = perUnit((_, { path, facts }) =>
  facts.functions.flatMap(fn => {
    const at = fn.params.length < 2 || !fn.name ? undefined : copyIn(facts, fn);
    return at ? [{ name: fn.name, span: spanAt(path, at.p) }] : [];
  }),
);

function copyIn(facts: FileFacts, fn: FunctionFact): Expr | undefined {
  const parts = withInner(facts, fn);
  const target = descends(parts, fn);
  if (!target) return undefined;
  let found: Expr | undefined;
  for (const part of parts)
    eachExprIn(part, e => {
      if (
        e.k === 'assign' &&
        e.op === '=' &&
        e.l.k === 'idx' &&
        isNamed(e.l.o, target.object) &&
        isNamed(e.l.i, target.key)
      )
        found ??= e.l;
    });
  return found && !parts.some(part => checks(part, target)) ? found : undefined;
}

interface Target {
  readonly object: string;
  readonly key: string;
}

/** What it goes down into: `merge(target[key], …)` within `merge`. */
function descends(parts: readonly FunctionFact[], fn: FunctionFact): Target | undefined {
  for (const part of parts)
    for (const { call } of callsIn(part)) {
      if (!calls(call.f, fn.name)) continue;
      for (const arg of call.a) {
        if (arg.k !== 'idx' || arg.o.k !== 'id' || arg.o.s !== fn.id || arg.i.k !== 'id') continue;
        const position = fn.params.findIndex(({ pat }) => pat.k === 'pid' && pat.n === (arg.o as { n: string }).n);
        if (position === call.a.indexOf(arg)) return { object: arg.o.n, key: arg.i.n };
      }
    }
  return undefined;
}

function calls(f: Expr, name: string): boolean {
  return (f.k === 'id' && f.n === name) || (f.k === 'mem' && f.o.k === 'this' && f.n === name);
}

/** Whether it looks at the names: a forbidden one, a question of its own, or whether the target has the name itself. */
function checks(part: FunctionFact, { object, key }: Target): boolean {
  let found = false;
  eachExprIn(part, e => {
    if (e.k === 'str' && e.v === '__proto__') found = true;
    if (e.k !== 'call') return;
    const asks = e.a.some(arg => isNamed(arg, key));
    if (!asks) return;
    if (e.f.k === 'id') found = true;
    else if (
      e.f.k === 'mem' &&
      /^(?:has|hasOwnProperty|includes|test)$/.test(e.f.n) &&
      (isNamed(e.f.o, object) || e.f.n !== 'hasOwnProperty')
    )
      found = true;
    else if (e.a.some(arg => isNamed(arg, object)) && e.a.length > 1) found = true;
  });
  return found;
}

function isNamed(e: Expr, name: string): boolean {
  return e.k === 'id' && e.n === name;
}

/** A function and those written in it. */
function withInner({ functions }: FileFacts, fn: FunctionFact): FunctionFact[] {
  const out = [fn];
  const ids = new Set([fn.id]);
  // Inner functions follow the one they are written in.
  for (const one of functions)
    if (ids.has(one.parent) && !ids.has(one.id)) {
      ids.add(one.id);
      out.push(one);
    }
  return out;
}
