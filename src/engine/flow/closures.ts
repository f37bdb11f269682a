import { evaluate } from '../link/evaluate.ts';
import type { FuncValue } from '../link/values.ts';
import { applySummary, bindings } from './apply.ts';
import { CLEAN, originOf, taintOf } from './taint.ts';
import { varKey, type Walk } from './walk.ts';

/** A function written here and handed on: it may run with the variables as they are now. */
export function createClosure(walk: Walk, id: number): void {
  const callee = funcOf(walk, id);
  if (!callee) return;
  walk.closures.set(callee.fn, walk.clock);
  run(walk, callee);
}

/** A function that only got a name so far. */
export function nameClosure(walk: Walk, id: number): void {
  const callee = funcOf(walk, id);
  if (callee && !walk.closures.has(callee.fn)) walk.closures.set(callee.fn, -1);
}

/** Runs once more what saw variables before they were set for the last time, or was never seen to be called. */
export function finishClosures(walk: Walk): void {
  for (const [fn, at] of walk.closures) {
    const callee = funcOf(walk, fn.id);
    if (!callee) continue;
    const summary = walk.solver.summaryOf(callee);
    const isStale = [...summary.hits.values()].some(
      ({ origin: { root } }) => root.k === 'captured' && (walk.setAt.get(varKey(root.scope, root.name)) ?? -1) > at,
    );
    if (at === -1 || isStale) run(walk, callee);
  }
}

export function funcOf(walk: Walk, id: number): FuncValue | undefined {
  const value = evaluate(walk.program, walk.env, { k: 'fn', f: id, p: [0, 0] });
  return value.k === 'func' ? value : undefined;
}

function run(walk: Walk, callee: FuncValue): void {
  const self = callee.fn.kind === 'arrow' ? (walk.state.vars.get('this') ?? taintOf(originOf({ k: 'this' }))) : CLEAN;
  applySummary(walk, walk.solver.summaryOf(callee), bindings(walk, callee, [], self, undefined));
}
