import { identity } from '../link/call-key.ts';
import { entryFunctions } from '../link/entry-functions.ts';
import type { Model } from '../link/model.ts';
import type { FuncValue } from '../link/values.ts';
import type { FunctionFact } from '../model/facts.ts';
import { addHit, type Hit } from './summary.ts';
import { type Origin, originOf } from './taint.ts';
import type { Solver } from './walk.ts';

const LIMIT = 1000;

/**
 * Ways from the parameters of a library's functions to sinks: their summaries know them already. `roots` are functions
 * that get values of a request, and tell of those.
 */
export function hitsOfCallers(model: Model, solver: Solver, roots: ReadonlySet<FunctionFact>): readonly Hit[] {
  const out = new Map<string, Hit>();
  for (const func of entryFunctions(model)) {
    if (roots.has(func.fn)) continue;
    for (const hit of solver.summaryOf(func).hits.values())
      if (!hit.ended && hit.origin.root.k === 'param')
        addHit(out, { ...hit, origin: passedTo(func, hit.origin, hit.origin.root.index) }, LIMIT);
  }
  return [...out.values()];
}

function passedTo({ fn, file }: FuncValue, origin: Origin, index: number): Origin {
  const pat = fn.params[index]?.pat;
  const [start, end] = pat?.p ?? fn.p;
  const text = pat?.k === 'pid' ? pat.n : pat ? 'its argument' : `arguments[${index}]`;
  const part = fn.name || 'the function';
  const root = {
    k: 'source',
    key: 'caller',
    place: identity(pat?.p ?? fn.p) + index,
    label: 'caller',
    part,
    isChecked: false,
  } as const;
  return {
    ...origin,
    id: originOf(root, origin.path).id,
    root,
    at: { span: { file, start, end: pat ? end : start }, text },
  };
}
