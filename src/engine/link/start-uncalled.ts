import type { ExprOf } from '../model/facts.ts';
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
  for (const unit of program.units.values()) {
    const { imports, functions } = unit.facts;
    if (!imports.some(one => one.module === module && names.includes(one.name))) continue;
    if (program.routers.some(one => one.app && one.span.file === unit.path)) continue;
    for (const fn of functions) {
      if (fn.id === 0) continue;
      if (!program.cells.rely(fn, () => callsIn(fn).some(({ call }) => creates(call.f)))) continue;
      const args = fn.params.map(() => UNKNOWN);
      program.callFunction({ k: 'func', file: unit.path, fn, env: unit.env }, args, unit.env);
    }
  }
}
