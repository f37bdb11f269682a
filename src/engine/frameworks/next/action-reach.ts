import { resolveModule } from '../../link/modules.ts';
import type { Program } from '../../link/program.ts';
import type { FileUnit } from '../../link/values.ts';

const SERVER = 'use server';
const CLIENT = 'use client';

/**
 * Tells whether a file of server actions gets to a browser: what runs there imports it, or a component that may hand
 * it on. Where only routes, jobs and other actions import it, its functions have no address. Nobody's file counts as
 * called: who calls it may be somewhere else.
 */
export function actionReach({ project, units }: Program): (unit: FileUnit) => boolean {
  const importers = new Map<string, string[]>();
  const targets = new Map<string, readonly string[]>();
  for (const { path, facts } of units.values()) {
    if (project.roleOf(path) !== 'source' && !isComponent(path)) continue;
    const own: string[] = [];
    for (const { module, typeOnly } of facts.dependencies) {
      const target = typeOnly ? undefined : resolveModule(project, path, module);
      if (target?.k !== 'file') continue;
      own.push(target.path);
      const known = importers.get(target.path);
      if (known) known.push(path);
      else importers.set(target.path, [path]);
    }
    targets.set(path, own);
  }
  // What a component imports runs where it does; calls of actions go over the network instead.
  const shown = new Set([...units.values()].filter(isShown).map(({ path }) => path));
  for (const path of shown)
    for (const to of targets.get(path) ?? []) if (!units.get(to)?.facts.directives.includes(SERVER)) shown.add(to);
  return ({ path }) => importers.get(path)?.some(from => shown.has(from)) ?? true;
}

function isShown({ path, facts }: FileUnit): boolean {
  return facts.directives.includes(CLIENT) || (isComponent(path) && !facts.directives.includes(SERVER));
}

function isComponent(path: string): boolean {
  return /\.[jt]sx$/.test(path);
}
