import { eachChild, eachStmt, exprsOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere, type PlacedExpr, perFile } from '../../link/kept/per-file.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { spanIn } from '../../link/values.ts';
import type { Expr, FileFacts, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { isHalfAnchored, patternTree, regexOf } from './regex-shape.ts';

/** A pattern whose anchor holds for one part of an alternation only. */
export interface HalfAnchored {
  readonly anchor: '^' | '$';
  readonly source: string;
  readonly span: Span;
}

/** Calls that only change or cut a text: matching too much there lets nobody in. */
const EDITS = /^(?:replace|replaceAll|split|matchAll)$/;

export const halfAnchored: (model: Model) => HalfAnchored[] = perUnit((model, unit) => {
  const out: HalfAnchored[] = [];
  for (const { fn, e } of patternsIn(unit.facts)) {
    const env = model.program.staticEnv(unit, fn);
    const regex = e.k === 'regex' ? { source: e.v, flags: e.flags } : regexOf(evaluate(model.program, env, e));
    if (!regex || !mayBe(regex.source)) continue;
    const tree = patternTree(e, regex);
    const anchor = tree && isHalfAnchored(tree);
    if (anchor) out.push({ anchor, source: regex.source, span: spanIn(env, e.p) });
  }
  return out;
});

const patternsIn = perFile((facts: FileFacts): readonly PlacedExpr[] => {
  const out: PlacedExpr[] = [];
  for (const fn of new Set(candidates(facts).map(one => one.fn)))
    eachPattern(fn, e => {
      if (isCandidate(e)) out.push({ fn, e });
    });
  return out;
});

const candidates = expressionsWhere(['regex', 'call'], isCandidate);

function isCandidate(e: Expr): boolean {
  return e.k === 'regex' ? mayBe(e.v) : isConstructed(e);
}

function isConstructed(e: Expr): boolean {
  return e.k === 'call' && e.f.k === 'id' && e.f.n === 'RegExp';
}

function mayBe(source: string): boolean {
  // Prose is looked for in what others wrote, such as messages of errors: nothing is let in by it.
  return source.includes('|') && /^\(*\^|\$\)*$/.test(source) && !/[a-z] [a-z]/i.test(source);
}

/** Regular expressions of a function, by literal or constructor, that do not merely edit. */
function eachPattern(fn: FunctionFact, visit: (e: Expr) => void): void {
  const inExpr = (e: Expr): void => {
    if (e.k === 'regex' || isConstructed(e)) {
      visit(e);
      return;
    }
    const edits = e.k === 'call' && e.f.k === 'mem' && EDITS.test(e.f.n);
    eachChild(e, child => {
      if (!edits || child.k !== 'regex') inExpr(child);
    });
  };
  eachStmt(fn.body, stmt => exprsOf(stmt).forEach(inExpr));
}
