import { evaluate } from '../link/evaluate.ts';
import { definition } from '../link/literals.ts';
import type { Arg, Operation } from '../link/operations.ts';
import { type Expr, type ExprOf, GLOBAL, type Prop } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { maskOf } from './kinds.ts';
import { CONVERSATIONS, OPTION_SINKS, PRIVILEGED } from './models/option-sinks.ts';
import { reach } from './reach.ts';
import { propertyOf } from './registered.ts';
import { clean, isClean, read, readPath, type Taint } from './taint.ts';
import { evidence, type Walk } from './walk.ts';

/** Options of an operation that are the program's to decide: how much is paid, what a model is told. */
export function optionSinks(walk: Walk, e: ExprOf<'call'>, operation: Operation, args: readonly Taint[]): void {
  for (const { kind, arg: name, path, option } of OPTION_SINKS[operation.kind] ?? []) {
    const arg = operation.args[name];
    if (!arg) continue;
    const whole = args[e.a.indexOf(arg.expr)] ?? flowOf(walk, arg.expr);
    if (isClean(whole)) continue;
    const { own } = readPath(whole, path);
    if (own.length > 0)
      reach(walk, e, kind, operation.callee, placeOf(arg.expr, path), { own, fields: undefined }, { option });
  }
  if (operation.kind === 'llm-call' && operation.args['options'])
    privileged(walk, e, operation, operation.args['options']);
}

/** The most exact expression for an option: its value where the argument is written out. */
function placeOf(e: Expr, [name, ...rest]: readonly string[]): Expr {
  if (e.k === 'as' || e.k === 'await') return placeOf(e.e, name === undefined ? [] : [name, ...rest]);
  if (name === undefined) return e;
  const next =
    e.k === 'obj' ? propertyOf(e, name) : e.k === 'arr' && name === '*' && e.e.length === 1 ? e.e[0] : undefined;
  return next ? placeOf(next, rest) : e;
}

/** `{ role: 'system', content: … }` among the messages. */
function privileged(walk: Walk, e: ExprOf<'call'>, { callee }: Operation, { expr, env }: Arg): void {
  if (expr.k !== 'obj') return;
  for (const name of CONVERSATIONS) {
    const given = propertyOf(expr, name);
    const list = given && definition(walk.program, { env, expr: given });
    if (list?.expr.k !== 'arr' || list.env.fn !== walk.fn) continue;
    for (const one of list.expr.e) {
      const role = one.k === 'obj' ? propertyOf(one, 'role') : undefined;
      const content = one.k === 'obj' ? propertyOf(one, 'content') : undefined;
      if (role?.k !== 'str' || !PRIVILEGED.has(role.v) || !content) continue;
      reach(walk, e, 'asked', callee, content, flowOf(walk, content), { option: 'instructions' });
    }
  }
}

/** An item that is charged for, as Stripe takes it; lists of them are too deep to be told apart where they arrive. */
export function pricedItem(walk: Walk, { v, np, p }: Prop & { readonly k: 'prop' }, value: Taint): void {
  const price = v.k === 'obj' ? v.props.find(one => one.k === 'prop' && one.n === 'unit_amount') : undefined;
  if (price)
    reach(
      walk,
      { f: { k: 'id', n: 'price_data', s: GLOBAL, p: np }, p },
      'amount',
      '',
      price.v,
      read(value, 'unit_amount'),
    );
}

/** A price of ours times a quantity is what has to be paid; a constant only changes the unit. */
export function priced(walk: Walk, factor: Expr, quantity: Taint): Taint {
  if (evaluate(walk.program, walk.env, factor).k === 'const') return quantity;
  const by = evidence(walk, factor.p, 'multiplied by a value of ours');
  return { own: quantity.own.map(origin => clean(origin, maskOf('amount'), by)), fields: quantity.fields };
}
