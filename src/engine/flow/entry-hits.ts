import { identity } from '../link/call-key.ts';
import { entryFunctions } from '../link/entry-functions.ts';
import type { Model } from '../link/model.ts';
import { spanAt } from '../link/spans.ts';
import type { FuncValue } from '../link/values.ts';
import type { FunctionFact } from '../model/facts.ts';
import { compose } from './apply.ts';
import { originsAt } from './reach.ts';
import { addHit, type Hit } from './summary.ts';
import { type Origin, originOf, readPath } from './taint.ts';
import type { Solver } from './walk.ts';

const LIMIT = 1000;

/**
 * Ways from the parameters of a library's functions to sinks: their summaries know them already. `roots` are functions
 * that get values of a request, and tell of those.
 */
export function hitsOfCallers(model: Model, solver: Solver, roots: ReadonlySet<FunctionFact>): readonly Hit[] {
  const out = new Map<string, Hit>();
  for (const { func, maker } of entryFunctions(model)) {
    if (roots.has(func.fn)) continue;
    for (const hit of solver.summaryOf(func).hits.values()) {
      if (hit.ended) continue;
      const { root } = hit.origin;
      if (root.k === 'param') addHit(out, { ...hit, origin: passedTo(func, hit.origin, root.index) }, LIMIT);
      else if (root.k === 'this' && maker)
        for (const origin of keptBy(solver, maker, hit))
          if (origin.root.k === 'param')
            addHit(out, { ...hit, origin: passedTo(maker, origin, origin.root.index) }, LIMIT);
    }
  }
  return [...out.values()];
}

/** What the object of a method holds since it was made. */
function keptBy(solver: Solver, maker: FuncValue, { sink, origin }: Hit): readonly Origin[] {
  const [name, ...rest] = origin.path;
  return solver.summaryOf(maker).writes.flatMap(({ root, path, value }) => {
    if (root.k !== 'this' || path.length !== 1 || path[0] !== name) return [];
    return originsAt(sink.kind, readPath(value, rest)).map(outer => compose(outer, origin, undefined));
  });
}

function passedTo({ fn, file }: FuncValue, origin: Origin, index: number): Origin {
  const pat = fn.params[index]?.pat;
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
    at: { span: spanAt(file, pat?.p ?? fn.np), text },
  };
}
