import { methodOf } from '../link/call-index.ts';
import type { ChainLink, Endpoint } from '../link/endpoint.ts';
import type { Model } from '../link/model.ts';
import { alternatives, type FuncValue } from '../link/values.ts';
import { compose, landed } from './apply.ts';
import { checkedBefore } from './checked.ts';
import { STEP_METHODS } from './models/left.ts';
import { originsAt } from './reach.ts';
import { givenTo, rootFunc } from './roots.ts';
import { addHit, type Hit } from './summary.ts';
import { CLEAN, capped, isClean, join, type Origin, readPath, type Taint, write } from './taint.ts';
import type { Solver } from './walk.ts';

/** Ways that steps before a handler are part of, of a whole program. */
const LIMIT = 2000;

/** What a step does with the request. */
interface Step {
  readonly hits: readonly Hit[];
  readonly left: ReturnType<Solver['summaryOf']>['left'];
}

/** By object of the request: what is on it when a step gets it. */
type Found = Map<string, Taint>;

/**
 * Ways from what a step before a handler leaves on the request, its context or its locals to where a later step, or the
 * handler, uses it. Summaries of functions know both ends; only the chain of an endpoint tells who comes before whom.
 */
export function hitsOfWays(model: Model, solver: Solver): { readonly hits: readonly Hit[]; readonly cut: number } {
  const hits = new Map<string, Hit>();
  const steps = new Map<FuncValue, Step>();
  let cut = 0;
  const stepOf = (endpoint: Endpoint, func: FuncValue): Step => {
    let step = steps.get(func);
    if (!step) {
      const { given } = givenTo(solver, endpoint, func);
      const summary = solver.summaryOf(func, given);
      step = {
        hits: [...summary.hits.values()].filter(({ origin: { root } }) => root.k === 'left'),
        left: summary.left,
      };
      steps.set(func, step);
    }
    return step;
  };
  for (const endpoint of [...model.endpoints, ...model.fields]) {
    const found: Found = new Map();
    const { handler } = endpoint;
    for (const func of [...endpoint.chain.flatMap(link => functionsOf(model, link)), ...(handler ? [handler] : [])]) {
      if (!model.isJudged(func.file)) continue;
      const step = stepOf(endpoint, func);
      for (const hit of step.hits)
        for (const origin of originsOf(endpoint, hit, found)) {
          const next = landed(hit, origin);
          if (next && !addHit(hits, next, LIMIT)) cut++;
        }
      for (const { on, path, value, weak } of step.left)
        found.set(on, write(found.get(on) ?? CLEAN, path, settled(value, found), weak));
    }
  }
  return { hits: [...hits.values()], cut };
}

/** What runs at a step. */
function functionsOf({ program }: Model, { value, via }: ChainLink): readonly FuncValue[] {
  // What the handler itself was seen to check stands in its chain as well.
  if (via === 'in the handler') return [];
  return alternatives(value).flatMap((one): FuncValue[] => {
    if (one.k === 'func') return [one];
    const cls = one.k === 'class' ? one : one.k === 'instance' ? one.of : undefined;
    if (!cls) return [];
    return STEP_METHODS.flatMap(name => {
      const method = methodOf(program, cls, name);
      return method ? [rootFunc(program.staticEnv(program.units.get(method.file)!, method.fn))] : [];
    });
  });
}

function originsOf(endpoint: Endpoint, { sink, origin }: Hit, found: Found): readonly Origin[] {
  if (origin.root.k !== 'left') return [];
  const value = readPath(found.get(origin.root.on) ?? CLEAN, origin.path);
  if (isClean(value)) return [];
  const parts = checkedBefore(endpoint);
  return originsAt(sink.kind, value).map(outer => {
    const { root } = outer;
    const isChecked = root.k === 'source' && parts.has(root.part);
    return compose(isChecked ? { ...outer, root: { ...root, isChecked } } : outer, origin, undefined);
  });
}

/** What a step leaves, in the light of what was there; what its surroundings decide is not known. */
function settled(value: Taint, found: Found): Taint {
  if (isClean(value)) return CLEAN;
  let out: Taint = CLEAN;
  for (const origin of value.own) {
    if (origin.root.k === 'source') out = join(out, { own: [origin], fields: undefined });
    if (origin.root.k !== 'left') continue;
    const before = readPath(found.get(origin.root.on) ?? CLEAN, origin.path);
    const own = before.own.map(outer => compose(outer, origin, undefined));
    out = join(out, { own, fields: origin.text || origin.picked ? undefined : before.fields });
  }
  for (const [name, one] of value.fields ?? []) out = write(out, [name], settled(one, found), false);
  return capped(out);
}
