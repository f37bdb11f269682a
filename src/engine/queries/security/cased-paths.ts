import { eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, type FuncValue, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { regexOf } from './regex-shape.ts';
import { scopeGaps } from './scope-gaps.ts';

/** A step before handlers whose pattern tells capitals apart, on a router that does not. */
export interface CasedPath {
  readonly pattern: string;
  readonly span: Span;
}

/** Steps bound to a pattern with letters that another spelling of the same path passes by. */
export function casedPaths(model: Model): CasedPath[] {
  const { program, isJudged } = model;
  const out: CasedPath[] = [];
  // Guards with routes behind them are told of with those routes.
  const told = new Set(scopeGaps(model).map(({ span }) => `${span.file}:${span.start}`));
  for (const router of program.routers) {
    if (!program.adapters.byId(router.framework)?.ignoresCase) continue;
    for (const entry of router.entries) {
      if (!isJudged(entry.span.file) || (entry.k === 'use' && entry.stage)) continue;
      const pattern = entry.path && regexOf(entry.path);
      if (!pattern || pattern.flags.includes('i') || !hasCase(pattern.source)) continue;
      // Before a handler that answers, a step belongs to this route alone.
      const isForAll = entry.k === 'use' || entry.methods[0] === 'ALL';
      const goesOn = (isForAll && entry.handlers.some(step => isStep(program, step))) || entry.handlers.some(callsNext);
      if (goesOn && !told.has(`${entry.span.file}:${entry.span.start}`))
        out.push({ pattern: pattern.source, span: entry.span });
    }
  }
  return out;
}

/** Letters that stand for one spelling only. */
function hasCase(source: string): boolean {
  const plain = source.replace(/\\./g, '').replace(/\[([a-z])\1\]/gi, '');
  const bare = plain.replace(/\[[^\]]*\]/g, set => {
    const letters = set.replace(/[^a-z]/gi, '');
    return letters.toLowerCase() !== letters.toUpperCase() && [...letters].every(one => set.includes(swapped(one)))
      ? ''
      : letters;
  });
  return /[a-z]/i.test(bare);
}

function swapped(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** Something that cannot be looked into, that guards or limits, or a function that hands on. */
function isStep(program: Program, value: Value): boolean {
  return alternatives(value).some(
    one => one.k !== 'router' && (classify(program, one).roles.some(role => STEPS.has(role)) || callsNext(one)),
  );
}

const STEPS = new Set(['unknown', 'authenticates', 'authorizes', 'limits-rate', 'csrf', 'verifies-signature']);

/** Its third parameter is called without an error. */
function callsNext(value: Value): boolean {
  return alternatives(value).some(one => one.k === 'func' && handsOn(one));
}

function handsOn({ fn }: FuncValue): boolean {
  const next = fn.params[2]?.pat;
  if (fn.params.length !== 3 || next?.k !== 'pid') return false;
  let found = false;
  eachStmt(fn.body, stmt => {
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'call' && one.f.k === 'id' && one.f.n === next.n && one.a.length === 0) found = true;
      });
  });
  return found;
}
