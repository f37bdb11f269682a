import { posix } from 'node:path';
import { folderOf, isInside } from '../../common/path.ts';
import type { ArtefactFacts, ArtefactKind, ArtefactOf } from '../model/artefacts.ts';
import { asString, entries, get } from '../model/document.ts';
import type { FileFacts } from '../model/facts.ts';
import type { ModuleTarget } from './modules.ts';
import { type FileRole, roleOf } from './roles.ts';

/** All facts of a workspace. Paths are workspace-relative POSIX. */
export interface ProjectInput {
  readonly sources: ReadonlyMap<string, FileFacts>;
  readonly artefacts: ReadonlyMap<string, ArtefactFacts>;
}

/** What module resolution needs to know. */
export interface ProjectFiles {
  has(path: string): boolean;
  /** Extensions of the source files that share a path without extension. */
  extensionsOf(stem: string): readonly string[] | undefined;
  /** Names the tsconfig whose aliases hold for a file. */
  aliasScope(from: string): string;
  /** Bare specifiers resolved so far, by alias scope. */
  readonly bareTargets: Map<string, Map<string, ModuleTarget>>;
  /** Every specifier resolved so far, by importing file. */
  readonly targets: Map<string, Map<string, ModuleTarget>>;
  /** Candidate paths of a specifier by `paths` and `baseUrl` of the nearest tsconfig. */
  aliases(from: string, specifier: string): readonly string[];
  /** Candidate paths if the specifier names a package of this workspace. */
  workspacePackage(specifier: string): readonly string[] | undefined;
}

export interface PackageInfo {
  /** Folder of the package.json; '' for the workspace root. */
  readonly folder: string;
  readonly path: string;
  readonly name: string | undefined;
  readonly facts: ArtefactOf<'package-json'>;
}

export interface Project extends ProjectFiles {
  readonly sources: ReadonlyMap<string, FileFacts>;
  readonly artefacts: ReadonlyMap<string, ArtefactFacts>;
  readonly packages: readonly PackageInfo[];
  /** The nearest package above a file. */
  packageOf(path: string): PackageInfo | undefined;
  /** Version of a dependency as installed (lockfile) or, failing that, the lower bound of its range; undefined if absent. */
  versionOf(path: string, dependency: string): string | undefined;
  /** Whether the package of a file, or the workspace root, declares the dependency for run time. */
  dependsOn(path: string, dependency: string): boolean;
  roleOf(path: string): FileRole;
  artefactsOf<K extends ArtefactKind>(kind: K): readonly { readonly path: string; readonly facts: ArtefactOf<K> }[];
}

/**
 * Prepares look-ups over all facts. `previous` is taken over if only the content of sources changed since: the same
 * files, the same manifests, so the same packages, aliases and module targets.
 */
export function createProject({ sources, artefacts }: ProjectInput, previous?: Project): Project {
  if (previous && sameKeys(previous.sources, sources) && sameEntries(previous.artefacts, artefacts)) {
    return { ...previous, sources };
  }
  const packages: PackageInfo[] = [];
  const tsconfigs = new Map<string, ArtefactOf<'tsconfig'>>();
  const lockfiles: { folder: string; facts: ArtefactOf<'lockfile'> }[] = [];
  for (const [path, facts] of artefacts) {
    const folder = folderOf(path);
    if (facts.kind === 'package-json') packages.push({ folder, path, name: facts.name?.value ?? undefined, facts });
    else if (facts.kind === 'tsconfig') tsconfigs.set(path, facts);
    else if (facts.kind === 'lockfile') lockfiles.push({ folder, facts });
  }
  packages.sort((a, b) => b.folder.length - a.folder.length);
  const byName = new Map(packages.flatMap(one => (one.name ? [[one.name, one] as const] : [])));
  const owners = new Map<string, PackageInfo | undefined>();
  const packageOf = (path: string): PackageInfo | undefined => {
    const known = owners.get(path);
    if (known || owners.has(path)) return known;
    const folder = folderOf(path);
    const owner = packages.find(one => isInside(one.folder, folder));
    owners.set(path, owner);
    return owner;
  };
  const roles = new Map<string, FileRole>();
  const declares = (info: PackageInfo | undefined, dependency: string): string | undefined => {
    for (const list of info
      ? [
          info.facts.dependencies,
          info.facts.optionalDependencies,
          info.facts.peerDependencies,
          info.facts.devDependencies,
        ]
      : []) {
      for (const { name, range } of list) if (name.value === dependency) return range.value ?? '*';
    }
    return undefined;
  };
  const rangeOf = (path: string, dependency: string): string | undefined =>
    declares(packageOf(path), dependency) ?? declares(byFolder(packages, ''), dependency);
  const aliasCache = new Map<string, Aliases>();
  const stems = new Map<string, string[]>();
  for (const path of sources.keys()) {
    const dot = path.lastIndexOf('.');
    const list = stems.get(path.slice(0, dot));
    if (list) list.push(path.slice(dot));
    else stems.set(path.slice(0, dot), [path.slice(dot)]);
  }
  return {
    sources,
    artefacts,
    packages,
    has: path => sources.has(path),
    extensionsOf: stem => stems.get(stem),
    bareTargets: new Map(),
    targets: new Map(),
    aliasScope: from => aliasesFor(tsconfigs, folderOf(from), aliasCache).scope,
    aliases: (from, specifier) => matchAliases(aliasesFor(tsconfigs, folderOf(from), aliasCache).list, specifier),
    workspacePackage: specifier => workspaceCandidates(byName, specifier),
    packageOf,
    versionOf(path, dependency) {
      const range = rangeOf(path, dependency);
      for (const { folder, facts } of lockfiles) {
        if (!isInside(folder, folderOf(path))) continue;
        const [version] = facts.versions[dependency] ?? [];
        if (version) return version;
      }
      return range === undefined ? undefined : /\d+(?:\.\d+)*/.exec(range)?.[0];
    },
    dependsOn: (path, dependency) => rangeOf(path, dependency) !== undefined,
    roleOf(path) {
      let role = roles.get(path);
      if (!role) {
        role = roleOf(path);
        roles.set(path, role);
      }
      return role;
    },
    artefactsOf: kind => byKind(artefacts, kind),
  };
}

function sameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}

function sameEntries(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function byFolder(packages: readonly PackageInfo[], folder: string): PackageInfo | undefined {
  return packages.find(one => one.folder === folder);
}

function byKind<K extends ArtefactKind>(
  artefacts: ReadonlyMap<string, ArtefactFacts>,
  kind: K,
): { path: string; facts: ArtefactOf<K> }[] {
  const out: { path: string; facts: ArtefactOf<K> }[] = [];
  for (const [path, facts] of artefacts) if (facts.kind === kind) out.push({ path, facts: facts as ArtefactOf<K> });
  return out;
}

interface Alias {
  readonly prefix: string;
  readonly suffix: string;
  readonly exact: boolean;
  readonly targets: readonly string[];
}

interface Aliases {
  /** Path of the tsconfig; '' if none has any. */
  readonly scope: string;
  readonly list: readonly Alias[];
}

/** The `paths` of the nearest tsconfig that has any, `extends` followed; `baseUrl` alone maps every bare specifier. */
function aliasesFor(
  tsconfigs: ReadonlyMap<string, ArtefactOf<'tsconfig'>>,
  folder: string,
  cache: Map<string, Aliases>,
): Aliases {
  const known = cache.get(folder);
  if (known) return known;
  let found: Aliases = { scope: '', list: [] };
  for (const name of TSCONFIGS) {
    const path = posix.join(folder, name);
    if (tsconfigs.has(path)) found = { scope: path, list: readAliases(tsconfigs, path, 0) };
    if (found.list.length) break;
  }
  if (!found.list.length && folder !== '' && folder !== '.') found = aliasesFor(tsconfigs, folderOf(folder), cache);
  cache.set(folder, found);
  return found;
}

const TSCONFIGS = ['tsconfig.json', 'tsconfig.base.json', 'jsconfig.json', 'tsconfig.app.json', 'tsconfig.build.json'];

function readAliases(
  tsconfigs: ReadonlyMap<string, ArtefactOf<'tsconfig'>>,
  path: string,
  depth: number,
): readonly Alias[] {
  const config = tsconfigs.get(path);
  if (!config || depth > 5) return [];
  const folder = folderOf(path);
  const base = config.baseUrl?.value == null ? undefined : posix.join(folder, config.baseUrl.value);
  if (config.paths.length || base !== undefined) {
    const own = config.paths.map(({ pattern, targets }) => {
      const star = pattern.value.indexOf('*');
      return {
        prefix: star === -1 ? pattern.value : pattern.value.slice(0, star),
        suffix: star === -1 ? '' : pattern.value.slice(star + 1),
        exact: star === -1,
        targets: targets.flatMap(target => (target.value == null ? [] : [posix.join(base ?? folder, target.value)])),
      };
    });
    own.sort((a, b) => b.prefix.length - a.prefix.length);
    return base === undefined
      ? own
      : [...own, { prefix: '', suffix: '', exact: false, targets: [posix.join(base, '*')] }];
  }
  for (const parent of config.extends) {
    if (parent.value == null || !parent.value.startsWith('.')) continue;
    const target = posix.join(folder, parent.value);
    const found = readAliases(tsconfigs, tsconfigs.has(target) ? target : `${target}.json`, depth + 1);
    if (found.length) return found;
  }
  return [];
}

function matchAliases(aliases: readonly Alias[], specifier: string): string[] {
  const out: string[] = [];
  for (const { prefix, suffix, exact, targets } of aliases) {
    if (exact ? specifier !== prefix : !(specifier.startsWith(prefix) && specifier.endsWith(suffix))) continue;
    const star = specifier.slice(prefix.length, specifier.length - suffix.length);
    for (const target of targets) out.push(target.replace('*', star));
  }
  return out;
}

/** Sources of a workspace package: what its manifest points at, mapped from build output back to `src`. */
function workspaceCandidates(byName: ReadonlyMap<string, PackageInfo>, specifier: string): string[] | undefined {
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
  const info = byName.get(name);
  if (!info) return undefined;
  const sub = parts.slice(specifier.startsWith('@') ? 2 : 1).join('/');
  const { facts, folder } = info;
  const stated = sub
    ? exportTargets(facts, `./${sub}`)
    : [...exportTargets(facts, '.'), facts.module?.value, facts.main?.value, facts.types?.value];
  const out: string[] = [];
  for (const target of stated) {
    if (!target) continue;
    out.push(posix.join(folder, target));
    out.push(
      posix.join(
        folder,
        target
          .replace(/^(?:\.\/)?(?:dist|build|lib|out)\//, 'src/')
          .replace(/\.d\.ts$/, '.ts')
          .replace(/\.[cm]?js$/, '.js'),
      ),
    );
  }
  out.push(
    ...(sub
      ? [posix.join(folder, sub), posix.join(folder, 'src', sub)]
      : [posix.join(folder, 'src/index'), posix.join(folder, 'index')]),
  );
  return out;
}

function exportTargets(facts: ArtefactOf<'package-json'>, key: string): string[] {
  const exports = facts.exports;
  if (!exports) return [];
  if (exports.kind === 'scalar') return key === '.' && asString(exports) ? [asString(exports)!] : [];
  const keyed = entries(exports).some(one => one.key.startsWith('.'));
  const node = keyed ? get(exports, key) : key === '.' ? exports : undefined;
  const out: string[] = [];
  const visit = (one: typeof node): void => {
    if (one?.kind === 'scalar') {
      const text = asString(one);
      if (text) out.push(text);
    } else for (const { value } of entries(one)) visit(value);
  };
  visit(node);
  if (!node && keyed) {
    for (const { key: pattern, value } of entries(exports)) {
      const star = pattern.indexOf('*');
      if (star === -1 || !key.startsWith(pattern.slice(0, star)) || !key.endsWith(pattern.slice(star + 1))) continue;
      const middle = key.slice(star, key.length - (pattern.length - star - 1));
      const before = out.length;
      visit(value);
      for (let at = before; at < out.length; at++) out[at] = out[at]!.replace('*', middle);
    }
  }
  return out;
}
