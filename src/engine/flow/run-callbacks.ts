import { evaluate } from '../link/evaluate.ts';
import { alternatives } from '../link/values.ts';
import type { ExprOf } from '../model/facts.ts';
import { applyCall, applySummary, bindings } from './apply.ts';
import { CALLBACKS } from './models/callbacks.ts';
import { HANDED_ON } from './models/calls.ts';
import { texts } from './passes.ts';
import { propertyOf, registeredBy } from './registered.ts';
import { chosen } from './sources.ts';
import { CLEAN, isClean, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** Functions that the library will call with untrusted values. */
export function runCallbacks(walk: Walk, e: ExprOf<'call'>, path: string, args: readonly Taint[]): void {
  for (const { arg, property: name, param, label, part } of CALLBACKS[path] ?? []) {
    const given = e.a[arg];
    if (!given || label === 'queue' || label === 'caller') continue;
    const holder = name === undefined ? given : given.k === 'obj' ? propertyOf(given, name) : undefined;
    const callee = holder && evaluate(walk.program, walk.env, holder);
    if (callee?.k !== 'func') continue;
    const passed: Taint[] = [];
    const pat = callee.fn.params[param]?.pat;
    passed[param] = chosen(walk, pat?.p ?? given.p, label, part, pat?.k === 'pid' ? pat.n : 'arguments');
    applyCall(walk, callee, passed, CLEAN, undefined);
  }
  const handed = HANDED_ON[path];
  const next = handed === undefined ? undefined : e.a.at(-1);
  if (handed !== undefined && next && args[0] && !isClean(args[0]))
    for (const callee of alternatives(evaluate(walk.program, walk.env, next)))
      if (callee.k === 'func')
        applyCall(walk, callee, [...Array<Taint>(handed).fill(CLEAN), texts(args.slice(0, 1))], CLEAN, undefined);
  for (const { func, given } of registeredBy(walk.program, walk.env, e, path))
    applySummary(walk, walk.solver.summaryOf(func, given), bindings(walk, func, [], CLEAN, undefined));
}
