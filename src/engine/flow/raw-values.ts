import { evaluate } from '../link/evaluate.ts';
import { stringOf } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { RAW_HOLES } from './models/query-sinks.ts';
import { reach } from './reach.ts';
import { propertyOf } from './registered.ts';
import type { Walk } from './walk.ts';

/** Values beside a query that are put into its text as they are. */
export function rawValueSinks(walk: Walk, e: ExprOf<'call'>, path: string): void {
  if (!/^pg-promise\.(?:Database|Task)#/.test(path)) return;
  const [first, second] = e.a;
  const query = first?.k === 'obj' ? propertyOf(first, 'text') : first;
  const values = first?.k === 'obj' ? propertyOf(first, 'values') : second;
  const text = query && stringOf(evaluate(walk.program, walk.env, query));
  if (!values || text === undefined) return;
  for (const { 1: position, 2: name, 3: how, index } of text.matchAll(RAW_HOLES)) {
    const isQuoted = (text.slice(0, index).split("'").length - 1) % 2 === 1;
    if (isQuoted && (how === '#' || how === ':value')) continue;
    const part = position === undefined ? named(values, name!) : placed(values, Number(position));
    if (part) reach(walk, e, 'sql', path, part, flowOf(walk, part));
  }
}

function named(values: Expr, name: string): Expr | undefined {
  return values.k === 'obj' ? propertyOf(values, name) : undefined;
}

/** A single value is the first one. */
function placed(values: Expr, position: number): Expr | undefined {
  if (values.k === 'arr') return values.e[position - 1];
  return position === 1 && values.k !== 'obj' ? values : undefined;
}
