import type { FileFacts } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { perFile } from './kept/per-file.ts';
import { resolveModule } from './modules.ts';
import type { Program } from './program.ts';

export interface ModuleExports {
  readonly names: ReadonlySet<string>;
  /** More names may exist: something is exported in a way that cannot be followed. */
  readonly open: boolean;
}

/** What a module can be asked for, through re-exports of the workspace. */
export function exportsOf(program: Program, path: string, seen: Set<string> = new Set()): ModuleExports {
  const facts = program.project.sources.get(path);
  if (!facts || seen.has(path)) return { names: new Set(), open: !facts };
  seen.add(path);
  const names = new Set<string>();
  let open = facts.broken === 'outside' || facts.generated === true;
  for (const one of facts.exports) {
    if (one.k !== 'from') {
      if ('typeOnly' in one && one.typeOnly) continue;
      if (one.k === 'value' && one.name === '=') {
        if (one.e.k === 'obj') {
          for (const prop of one.e.props) {
            if (prop.k === 'prop') names.add(prop.n);
            else open = true;
          }
        } else open = true;
      } else names.add(one.name);
    } else if (one.name !== '*') names.add(one.name);
    else {
      const target = resolveModule(program.project, path, one.module);
      if (target.k !== 'file') open = true;
      else {
        const inner = exportsOf(program, target.path, seen);
        for (const name of inner.names) names.add(name);
        open ||= inner.open;
      }
    }
  }
  return { names, open: open || isOpenByHand(facts, names) };
}

/** `exports[name] = …`, `Object.assign(module.exports, …)` and the like. */
function isOpenByHand(facts: FileFacts, names: ReadonlySet<string>): boolean {
  const { computed, named } = exportsByHand(facts);
  return computed || (named && names.size === 0);
}

const exportsByHand = perFile(({ functions }: FileFacts) => {
  const found = { computed: false, named: false };
  for (const fn of functions)
    eachExprIn(fn, e => {
      if (e.k === 'idx' && e.o.k === 'id' && e.o.n === 'exports' && e.o.s === -1) found.computed = true;
      if (e.k === 'call' && e.a.some(arg => isExports(arg))) found.computed = true;
      found.named ||= isExports(e);
    });
  return found;
});

function isExports(e: { readonly k: string }): boolean {
  const any = e as { k: string; n?: string; s?: number; o?: { k: string; n?: string; s?: number } };
  return (
    (any.k === 'id' && any.n === 'exports' && any.s === -1) ||
    (any.k === 'mem' && any.n === 'exports' && any.o?.k === 'id' && any.o.n === 'module')
  );
}
