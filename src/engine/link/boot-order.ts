import type { ModuleTarget } from './modules.ts';
import type { FileUnit } from './values.ts';

/**
 * The files whose module code can build routers: those that import a framework with routers, and whatever imports one
 * of them. All others are read on demand, so that a workspace's front ends and helpers cost nothing at start.
 */
export function routerFiles(
  units: ReadonlyMap<string, FileUnit>,
  isRouterPackage: (name: string) => boolean,
  resolve: (from: string, specifier: string) => ModuleTarget,
): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  const found = new Set<string>();
  for (const { path, facts } of units.values()) {
    for (const { module, typeOnly } of facts.dependencies) {
      const target = resolve(path, module);
      if (target.k === 'package' && isRouterPackage(target.name)) found.add(path);
      if (target.k !== 'file' || typeOnly) continue;
      const list = importers.get(target.path);
      if (list) list.push(path);
      else importers.set(target.path, [path]);
    }
  }
  const queue = [...found];
  for (let at = 0; at < queue.length; at++) {
    for (const path of importers.get(queue[at]!) ?? []) {
      if (found.has(path)) continue;
      found.add(path);
      queue.push(path);
    }
  }
  return found;
}

/** Roots first: files of the set that nothing else in it imports, then the rest, each group in path order. */
export function bootOrder(
  files: ReadonlySet<string>,
  units: ReadonlyMap<string, FileUnit>,
  resolve: (from: string, specifier: string) => ModuleTarget,
): readonly string[] {
  const imported = new Set<string>();
  for (const path of files) {
    for (const { module } of units.get(path)!.facts.dependencies) {
      const target = resolve(path, module);
      if (target.k === 'file' && target.path !== path) imported.add(target.path);
    }
  }
  const sorted = [...files].sort();
  return [...sorted.filter(path => !imported.has(path)), ...sorted.filter(path => imported.has(path))];
}
