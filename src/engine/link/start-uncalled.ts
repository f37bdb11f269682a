import type { ExprOf, FileFacts, FunctionFact } from '../model/facts.ts';
import { callsIn } from './call-index.ts';
import type { Program } from './program.ts';
import { UNKNOWN } from './values.ts';

/**
 * Runs functions that start a server and that nobody calls at load, such as the factory behind a serverless handler or a
 * loader that another package calls. Files that import `name` from `module` are looked at, unless one of their servers
 * was created already.
 */
export function startUncalled(
  program: Program,
  module: string,
  names: readonly string[],
  creates: (callee: ExprOf<'call'>['f']) => boolean,
): void {
  const isAsked = ({ imports }: FileFacts): boolean =>
    imports.some(one => one.module === module && names.includes(one.name));
  const starts = (fn: FunctionFact): boolean => callsIn(fn).some(({ call }) => creates(call.f));
  program.cells.expectNone((facts, fn) => isAsked(facts) && starts(fn));
  for (const unit of program.units.values()) {
    const { functions } = unit.facts;
    if (!isAsked(unit.facts)) continue;
    if (program.routers.some(one => one.app && one.span.file === unit.path)) continue;
    for (const fn of functions) {
      if (fn.id === 0) continue;
      if (!program.cells.rely(fn, () => starts(fn))) continue;
      const args = fn.params.map(() => UNKNOWN);
      program.callFunction({ k: 'func', file: unit.path, fn, env: unit.env }, args, unit.env);
    }
  }
}
