import type { Program } from '../../link/program.ts';
import type { FileUnit, Value } from '../../link/values.ts';

/** By folder of a server: where each name comes from that its files may use without an import. */
const known = new WeakMap<Program, ReadonlyMap<string, ReadonlyMap<string, string>>>();

const UTILITY = /(?:^|\/)server\/utils\/.+\.[cm]?[jt]s$/;
const SERVERS = ['nuxt', 'nitropack', 'nitro'];

/** What a name means that a file of a server neither declares nor imports: an export of the server's `utils`. */
export function ambientValue(program: Program, { path }: FileUnit, name: string): Value | undefined {
  const names = namesOf(program);
  const folder = names.size === 0 ? undefined : folderOf(path);
  const file = folder === undefined ? undefined : names.get(folder)?.get(name);
  return file === undefined || file === path ? undefined : program.exported(file, name);
}

function folderOf(path: string): string | undefined {
  const found = /^(?:(.*)\/)?server\//.exec(path);
  return found ? (found[1] ?? '') : undefined;
}

function namesOf(program: Program): ReadonlyMap<string, ReadonlyMap<string, string>> {
  let names = known.get(program);
  if (!names) {
    const all = new Map<string, Map<string, string>>();
    for (const { path, facts } of program.units.values()) {
      if (!UTILITY.test(path) || !SERVERS.some(one => program.project.dependsOn(path, one))) continue;
      const folder = folderOf(path) ?? '';
      const own = all.get(folder) ?? new Map<string, string>();
      all.set(folder, own);
      for (const one of facts.exports) if (one.name !== 'default' && one.name !== '*') own.set(one.name, path);
    }
    names = all;
    known.set(program, names);
  }
  return names;
}
