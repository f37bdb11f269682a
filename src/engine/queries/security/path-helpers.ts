import { eachExprIn } from '../../link/env.ts';
import { perFile } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import type { Expr, FileFacts, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A function that goes down into an object name by name, makes what is missing, and sets what it finds last. */
export interface PathHelper {
  readonly name: string;
  readonly span: Span;
}

export function pathHelpers(model: Model): PathHelper[] {
  return judgedUnits(model).flatMap(({ path, facts }) =>
    helpersIn(facts).map(({ name, p }) => ({ name, span: { file: path, start: p[0], end: p[1] } })),
  );
}

const helpersIn = perFile((facts: FileFacts): { name: string; p: readonly [number, number] }[] =>
  facts.functions.flatMap(fn => {
    const at = fn.params.length > 1 && fn.name ? setIn(fn) : undefined;
    return at ? [{ name: fn.name, p: at.p }] : [];
  }),
);

/** Where the last name is set: on the variable that went down, by a name that is not known. */
function setIn(fn: FunctionFact): Expr | undefined {
  const down = new Set<string>();
  const made = new Set<string>();
  const sets: (Expr & { k: 'idx' })[] = [];
  let checks = false;
  eachExprIn(fn, e => {
    if (e.k === 'str' && e.v === '__proto__') checks = true;
    if (e.k === 'call' && looksAtNames(e.f)) checks = true;
    if (e.k !== 'assign' || e.op !== '=') return;
    if (e.l.k === 'id') {
      const from = stepped(e.r);
      if (from === e.l.n) down.add(e.l.n);
    } else if (e.l.k === 'idx' && e.l.o.k === 'id' && e.l.i.k !== 'str' && e.l.i.k !== 'num') {
      if (isEmpty(e.r)) made.add(e.l.o.n);
      else sets.push(e.l);
    }
    if (e.l.k === 'id' && e.r.k === 'assign') made.add(e.l.n);
  });
  if (checks) return undefined;
  return sets.find(({ o }) => o.k === 'id' && down.has(o.n) && made.has(o.n));
}

/** `{}`, or what is there and `{}` otherwise. */
function isEmpty(e: Expr): boolean {
  if (e.k === 'log') return isEmpty(e.r);
  return e.k === 'obj' && e.props.length === 0;
}

/** `x[key]`, `x[key] = x[key] || {}`: what one step down starts from. */
function stepped(e: Expr): string | undefined {
  if (e.k === 'as') return stepped(e.e);
  if (e.k === 'assign') return stepped(e.l as Expr);
  if (e.k === 'log') return stepped(e.l);
  return e.k === 'idx' && e.o.k === 'id' && e.i.k !== 'num' && e.i.k !== 'str' ? e.o.n : undefined;
}

/** A question about a name, or a function that may ask one. */
function looksAtNames(f: Expr): boolean {
  if (f.k === 'mem') return /^(?:has|hasOwn|hasOwnProperty|includes|test|call)$/.test(f.n);
  return f.k === 'id' && /^(?:is|has|check|assert|validate|ensure)/i.test(f.n);
}
