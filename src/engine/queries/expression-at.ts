import { eachExprIn } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Env } from '../link/values.ts';
import type { Expr } from '../model/facts.ts';
import type { Span } from '../model/span.ts';

export interface ExpressionAt {
  readonly e: Expr;
  /** Of the function whose body it stands in. */
  readonly env: Env;
}

/** The expression that is written over exactly this range. */
export function expressionAt({ program }: Model, { file, start, end }: Span): ExpressionAt | undefined {
  const unit = program.units.get(file);
  if (!unit) return undefined;
  for (const fn of unit.facts.functions) {
    if (fn.id !== 0 && (fn.p[0] > start || fn.p[1] < end)) continue;
    let e: Expr | undefined;
    eachExprIn(fn, one => {
      if (one.p[0] === start && one.p[1] === end) e ??= one;
    });
    if (e) return { e, env: program.staticEnv(unit, fn) };
  }
  return undefined;
}
