import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import { blocksOf, eachChild, eachExpr, eachStmt, exprsOf } from './env.ts';
import type { Operation } from './operations.ts';
import type { FileUnit } from './values.ts';

const STAGE_NAME =
  /^(?:is|in|not)?_?(?:prod|production|dev|development|devel|local|test|testing|debug)(?:mode|env|environment)?$/i;
const STAGE_WORD = /^(?:prod|production|dev|development|local|test|testing|staging)$/i;

/** Whether a test looks at the stage the program runs in: `NODE_ENV`, `isProduction`, `=== 'development'`. */
export function asksForStage(test: Expr): boolean {
  let found = false;
  eachExpr(test, e => {
    if (e.k === 'mem' || e.k === 'id')
      found ||= e.n === 'NODE_ENV' || e.n === 'DEV' || e.n === 'PROD' || STAGE_NAME.test(e.n);
    else if (e.k === 'str') found ||= STAGE_WORD.test(e.v);
  });
  return found;
}

/** Tests that decide whether the place at an offset of a function runs, outermost first. */
export function conditionsAt(fn: FunctionFact, offset: number): readonly Expr[] {
  const out: Expr[] = [];
  const inside = ({ p }: { readonly p: readonly [number, number] }): boolean => p[0] <= offset && offset < p[1];
  const inExpr = (e: Expr): void => {
    if (!inside(e)) return;
    if (e.k === 'cond' && !inside(e.t)) out.push(e.t);
    if (e.k === 'log' && inside(e.r)) out.push(e.l);
    eachChild(e, inExpr);
  };
  const inBody = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (!inside(stmt)) continue;
      if (stmt.k === 'if' && !inside(stmt.t)) out.push(stmt.t);
      exprsOf(stmt).forEach(inExpr);
      blocksOf(stmt).forEach(inBody);
    }
  };
  inBody(fn.body);
  return out;
}

/** Whether a place only runs, or does not run, in one stage; functions around it included. */
export function dependsOnStage(unit: FileUnit, fn: FunctionFact, offset: number): boolean {
  for (let at: FunctionFact | undefined = fn; at; at = unit.facts.functions[at.parent])
    if (conditionsAt(at, offset).some(asksForStage)) return true;
  return false;
}

export function operationDependsOnStage({ site, fn, callSpan }: Operation): boolean {
  return dependsOnStage(site.env.unit, fn, callSpan.start);
}

/** Whether some `if` of the file that mentions one of these names ends in a throw or in the end of the process. */
export function isRequiredElsewhere(unit: FileUnit, names: readonly string[]): boolean {
  return unit.facts.functions.some(fn => {
    let found = false;
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'if' && mentions(stmt.t, names)) found ||= stops(stmt.a) || stops(stmt.b ?? []);
    });
    return found;
  });
}

function mentions(test: Expr, names: readonly string[]): boolean {
  let found = false;
  eachExpr(test, e => {
    if (e.k === 'mem' || e.k === 'id') found ||= names.includes(e.n);
    else if (e.k === 'str') found ||= names.includes(e.v);
  });
  return found;
}

function stops(body: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(body, stmt => {
    found ||=
      stmt.k === 'throw' || (stmt.k === 'expr' && stmt.e.k === 'call' && stmt.e.f.k === 'mem' && stmt.e.f.n === 'exit');
  });
  return found;
}
