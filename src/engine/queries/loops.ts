import { callsIn } from '../link/call-index.ts';
import { callbackSite } from '../link/callbacks.ts';
import { bindingsOf, blocksOf, eachExpr, eachStmt, exprsOf } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Operation } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { Env } from '../link/values.ts';
import type { Expr, FunctionFact, Pattern, Stmt } from '../model/facts.ts';

/** Something that is done once per element of a list. */
export interface PerElement {
  /** What is iterated. */
  readonly list: Expr;
  readonly env: Env;
  /** How: the loop's kind, or the method that takes the callback. */
  readonly how: 'for' | 'forEach' | 'map';
  /** Rounds run at the same time: the calls are collected by `Promise.all`. */
  readonly parallel: boolean;
}

const METHODS = new Set(['map', 'forEach', 'flatMap']);

/**
 * The loop that runs an operation once per element, if one of the operation's own arguments is computed from the
 * element; undefined for everything else: counted loops, pages, batches, retries.
 */
export function loopOf(
  program: Program,
  operation: Operation,
  keys: readonly (Expr | undefined)[],
): PerElement | undefined {
  const { fn, site } = operation;
  const { unit } = site.env;
  const own = callsIn(fn).find(({ call }) => call === site.call)?.loop;
  if (own?.kind === 'of' && own.pat && own.of && !own.await) {
    if (leavesEarly(own.body) || !derives(keys, namesOf(own.pat), own.body)) return undefined;
    return judged(program, { list: own.of, env: site.env, how: 'for', parallel: false });
  }
  if (own) return undefined;
  const callback = callbackSite(unit.facts, fn);
  const first = fn.params[0]?.pat;
  if (callback?.position !== 0 || !first || callback.call.f.k !== 'mem' || !METHODS.has(callback.call.f.n))
    return undefined;
  if (!derives(keys, namesOf(first), fn.body)) return undefined;
  const { n, o } = callback.call.f;
  const parent = unit.facts.functions[fn.parent];
  if (!parent || !site.env.parent) return undefined;
  return judged(program, {
    list: o,
    env: site.env.parent,
    how: n === 'forEach' ? 'forEach' : 'map',
    parallel: n !== 'forEach',
  });
}

const PIECES = /chunk|batch|page|slice|attempt|retr|shard|part(?:s|ition)/i;

/** Lists that are short by construction, or whose elements are groups, are no N+1. */
function judged(program: Program, found: PerElement): PerElement | undefined {
  const value = evaluate(program, found.env, found.list);
  if (value.k === 'array' && !value.open) return undefined;
  return isPieces(found.list) || isLiteral(found.list, found.env.fn) ? undefined : found;
}

function isPieces(list: Expr): boolean {
  let found = false;
  eachExpr(list, e => {
    if ((e.k === 'id' || e.k === 'mem') && PIECES.test(e.n)) found = true;
    if (e.k === 'call' && e.f.k === 'mem' && e.f.o.k === 'id' && e.f.o.n === 'Object') found = true;
  });
  return found;
}

/** `const names = ['a', x]`: as many rounds as somebody wrote down. */
function isLiteral(list: Expr, fn: FunctionFact): boolean {
  if (list.k === 'arr') return !list.e.some(e => e.k === 'spread');
  if (list.k !== 'id' || list.s !== fn.id) return false;
  const sources = bindingsOf(fn).get(list.n)?.sources ?? [];
  let grows = false;
  eachStmt(fn.body, stmt => {
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'call' && one.f.k === 'mem' && one.f.n === 'push' && one.f.o.k === 'id' && one.f.o.n === list.n)
          grows = true;
      });
  });
  return (
    sources.length > 0 &&
    !grows &&
    sources.every(({ from, path }) => !path.length && from?.k === 'arr' && isLiteral(from, fn))
  );
}

export function namesOf(pattern: Pattern): string[] {
  switch (pattern.k) {
    case 'pid':
      return [pattern.n];
    case 'pobj':
      return [...pattern.props.flatMap(one => namesOf(one.v)), ...(pattern.rest ? namesOf(pattern.rest) : [])];
    case 'parr':
      return [
        ...pattern.items.flatMap(one => (one ? namesOf(one.v) : [])),
        ...(pattern.rest ? namesOf(pattern.rest) : []),
      ];
    default:
      return [];
  }
}

/** Whether any of the expressions is computed from the names, directly or through constants of the body. */
function derives(keys: readonly (Expr | undefined)[], names: readonly string[], body: readonly Stmt[]): boolean {
  const derived = derivedNames(names, body);
  return keys.some(key => key !== undefined && mentions(key, derived));
}

/** Names, and the constants of a body that are computed from them. */
export function derivedNames(names: readonly string[], body: readonly Stmt[]): ReadonlySet<string> {
  const derived = new Set(names);
  eachStmt(body, stmt => {
    if (stmt.k === 'let' && stmt.v && mentions(stmt.v, derived))
      for (const name of namesOf(stmt.pat)) derived.add(name);
  });
  return derived;
}

export function mentions(e: Expr, names: ReadonlySet<string>): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'id' && names.has(one.n)) found = true;
  });
  return found;
}

/** A loop that stops at its first hit asks no more often than it must. */
function leavesEarly(body: readonly Stmt[]): boolean {
  return body.some(stmt => {
    if (stmt.k === 'ret' || (stmt.k === 'jump' && stmt.kind === 'break')) return true;
    if (stmt.k === 'loop') return false;
    return blocksOf(stmt).some(leavesEarly);
  });
}
