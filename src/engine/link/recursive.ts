import { recursiveEdges } from '../../common/cycles.ts';
import type { FileFacts, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { perFile } from './kept/per-file.ts';

/**
 * Whether a function may call itself, by way of others of its file: by their names, so it may be wrong about one that
 * happens to be called like another.
 */
export function isRecursive(facts: FileFacts, fn: FunctionFact): boolean {
  return recursiveIn(facts).has(fn);
}

const recursiveIn = perFile(({ functions }: FileFacts): ReadonlySet<FunctionFact> => {
  const byName = new Map<string, string[]>();
  for (const { name, id } of functions) {
    const list = byName.get(name);
    if (list) list.push(String(id));
    else if (name) byName.set(name, [String(id)]);
  }
  const edges = new Map(functions.map(({ id }): [string, string[]] => [String(id), []]));
  for (const fn of functions) {
    const own = edges.get(String(fn.id))!;
    edges.get(String(fn.parent))?.push(String(fn.id));
    eachExprIn(fn, e => {
      const name = e.k === 'id' ? e.n : e.k === 'mem' && e.o.k === 'this' ? e.n : undefined;
      if (name !== undefined) own.push(...(byName.get(name) ?? []));
    });
  }
  const isOnCycle = recursiveEdges(edges);
  return new Set(functions.filter(({ id }) => edges.get(String(id))!.some(to => isOnCycle(String(id), to))));
});
