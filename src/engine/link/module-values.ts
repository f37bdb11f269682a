import { type ExportFact, type FileFacts, type ImportFact, MODULE } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import { headMemo } from './kept/fact-memo.ts';
import { member } from './members.ts';
import { type ModuleTarget, resolveModule } from './modules.ts';
import type { Program } from './program.ts';
import { type FileUnit, PENDING, UNKNOWN, type Value } from './values.ts';

/** What modules give each other: imports and exports of a program, resolved to values. */
export interface ModuleValues {
  resolve(from: string, specifier: string): ModuleTarget;
  imported(unit: FileUnit, local: string): Value | undefined;
  importNamespace(from: string, specifier: string): Value;
  exported(path: string, name: string): Value;
  /** `export default x` and the like are evaluated once, after the module's body. */
  settleExports(unit: FileUnit): void;
}

/** `runModule` carries out a module on first use and gives its unit, finished or (in a cycle) still running. */
export function createModuleValues(program: Program, runModule: (path: string) => FileUnit | undefined): ModuleValues {
  const { project, adapters, cells } = program;
  const { targets } = project;
  const settled = new Map<string, Map<string, Value>>();
  const imports = new Map<FileUnit, Map<string, Value>>();
  const stars = new Map<FileUnit, StarIndex>();

  const resolve = (from: string, specifier: string): ModuleTarget => {
    let known = targets.get(from);
    if (!known) {
      known = new Map();
      targets.set(from, known);
    }
    let target = known.get(specifier);
    if (!target) {
      target = resolveModule(project, from, specifier);
      known.set(specifier, target);
    }
    return target;
  };

  const exported = (path: string, name: string, seen: Set<string>): Value => {
    let own = settled.get(path);
    if (!own) {
      own = new Map();
      settled.set(path, own);
    }
    cells.meet(own, name);
    const known = own.get(name);
    if (known) return known;
    const key = `${path} ${name}`;
    if (seen.has(key)) return UNKNOWN;
    const isFirst = seen.size === 0;
    seen.add(key);
    const unit = runModule(path);
    if (!unit) return UNKNOWN;
    const before = cells.open(own, name);
    const value = findExport(unit, name, seen);
    // In a cycle a module is still running and may export something else later.
    if (unit.state === 'done' && (value.k !== 'unknown' || (program.isBooted && isFirst))) {
      own.set(name, value);
      cells.keep(own, name);
    }
    cells.close(own, name, before);
    return value;
  };

  const findExport = (unit: FileUnit, name: string, seen: Set<string>): Value => {
    if (name === '*') return namespace(unit);
    const { byName, stars: passed } = exportsOf(unit.facts);
    const fact = byName.get(name);
    if (fact?.k !== 'value' && fact?.typeOnly) return UNKNOWN;
    if (fact?.k === 'local') return evaluate(program, unit.env, { k: 'id', n: fact.local, s: MODULE, p: [0, 0] });
    if (fact?.k === 'from') return through(unit, fact.module, fact.from, seen);
    const value = exportValue(unit, name) ?? (name === 'default' ? exportValue(unit, '=') : undefined);
    if (value) return value;
    const whole = name === '=' ? undefined : exportValue(unit, '=');
    if (whole && whole.k !== 'unknown') return member(program, whole, name);
    if (passed.length === 0) return UNKNOWN;
    const { names, dynamic } = starsOf(unit, new Set());
    const owner = names.get(name);
    if (owner !== undefined) return exported(owner, name, seen);
    for (const path of dynamic) {
      const found = exported(path, name, seen);
      if (found.k !== 'unknown') return found;
    }
    return UNKNOWN;
  };

  /** Which module states a name that `export *` passes on, all levels of barrels in one index. */
  const starsOf = (unit: FileUnit, seen: Set<FileUnit>): StarIndex => {
    const known = stars.get(unit);
    if (known) return known;
    seen.add(unit);
    const names = new Map<string, string>();
    const dynamic: string[] = [];
    for (const { module } of exportsOf(unit.facts).stars) {
      const target = resolve(unit.path, module);
      const next = target.k === 'file' ? program.units.get(target.path) : undefined;
      if (!next || seen.has(next)) continue;
      const own = exportsOf(next.facts);
      for (const name of own.byName.keys()) if (!names.has(name)) names.set(name, next.path);
      if (own.byName.has('=')) dynamic.push(next.path);
      const below = own.stars.length > 0 ? starsOf(next, seen) : undefined;
      for (const [name, path] of below?.names ?? []) if (!names.has(name)) names.set(name, path);
      dynamic.push(...(below?.dynamic ?? []));
    }
    const index = { names, dynamic };
    // Inside a cycle the index lacks what lies behind the cycle; only the outermost one is whole.
    if (seen.values().next().value === unit) stars.set(unit, index);
    return index;
  };

  const through = (unit: FileUnit, module: string, name: string, seen: Set<string>): Value => {
    const target = resolve(unit.path, module);
    if (target.k === 'file') return exported(target.path, name, seen);
    return target.k === 'package' ? packageMember(target.name, name) : UNKNOWN;
  };

  /** CommonJS exports were kept while the module ran; the others are evaluated here. */
  const exportValue = (unit: FileUnit, name: string): Value | undefined => {
    const key = `export ${name}`;
    const known = unit.env.vars.get(key);
    cells.meet(unit.env.vars, key);
    if (known === PENDING) cells.cut(unit.env.vars, key);
    if (known) return known === PENDING ? UNKNOWN : known;
    const fact = exportsOf(unit.facts).byName.get(name);
    if (fact?.k !== 'value') return undefined;
    const before = cells.open(unit.env.vars, key);
    unit.env.vars.set(key, PENDING);
    cells.keep(unit.env.vars, key);
    cells.begin(unit.env.vars, key);
    const value = evaluate(program, unit.env, fact.e);
    cells.end();
    unit.env.vars.set(key, value);
    cells.close(unit.env.vars, key, before);
    return value;
  };

  const namespace = (unit: FileUnit): Value => {
    const isModule = unit.facts.exports.some(one => one.k !== 'value' || one.name === 'default');
    const whole = isModule ? undefined : exportValue(unit, '=');
    return whole && whole.k !== 'unknown' ? whole : { k: 'module', path: unit.path };
  };

  const importedValue = (unit: FileUnit, fact: ImportFact): Value => {
    const target = resolve(unit.path, fact.module);
    const generated =
      target.k === 'file' && program.units.has(target.path) ? undefined : adapters.generated(fact.module, fact.name);
    if (generated !== undefined) return packageMember(generated, fact.name);
    if (target.k === 'file') return exported(target.path, fact.name === '=' ? 'default' : fact.name, new Set());
    return target.k === 'package' ? packageMember(target.name, fact.name) : UNKNOWN;
  };

  return {
    resolve,
    exported: (path, name) => exported(path, name, new Set()),
    imported(unit, local) {
      const fact = importsOf(unit.facts).get(local);
      if (!fact) return undefined;
      let own = imports.get(unit);
      if (!own) {
        own = new Map();
        imports.set(unit, own);
      }
      cells.meet(own, local);
      const known = own.get(local);
      if (known) return known;
      const before = cells.open(own, local);
      const value = importedValue(unit, fact);
      if (unit.state === 'done' && (value.k !== 'unknown' || program.isBooted)) {
        own.set(local, value);
        cells.keep(own, local);
      }
      cells.close(own, local, before);
      return value;
    },
    importNamespace(from, specifier) {
      const target = resolve(from, specifier);
      if (target.k === 'package') return packageMember(target.name, '*');
      const unit = target.k === 'file' ? runModule(target.path) : undefined;
      return unit ? namespace(unit) : UNKNOWN;
    },
    settleExports(unit) {
      for (const one of unit.facts.exports) if (one.k === 'value') exportValue(unit, one.name);
    },
  };
}

interface StarIndex {
  /** Exported name → path of the module that states it. */
  readonly names: ReadonlyMap<string, string>;
  /** CommonJS modules behind `export *`: their names are known only by running them. */
  readonly dynamic: readonly string[];
}

interface Exports {
  readonly byName: ReadonlyMap<string, ExportFact>;
  readonly stars: readonly (ExportFact & { k: 'from' })[];
}

const exportsByFile = headMemo<Exports>();
const importsByFile = headMemo<ReadonlyMap<string, ImportFact>>();

function exportsOf(facts: FileFacts): Exports {
  let known = exportsByFile.get(facts);
  if (!known) {
    const byName = new Map<string, ExportFact>();
    const stars: (ExportFact & { k: 'from' })[] = [];
    for (const one of facts.exports) {
      if (one.k === 'from' && one.name === '*') {
        if (!one.typeOnly) stars.push(one);
      } else if (!byName.has(one.name) || one.k !== 'value') byName.set(one.name, one);
    }
    known = { byName, stars };
    exportsByFile.set(facts, known);
  }
  return known;
}

function importsOf(facts: FileFacts): ReadonlyMap<string, ImportFact> {
  let known = importsByFile.get(facts);
  if (!known) {
    known = new Map(facts.imports.map(one => [one.local, one]));
    importsByFile.set(facts, known);
  }
  return known;
}

function packageMember(name: string, exportName: string): Value {
  const isWhole = exportName === 'default' || exportName === '*' || exportName === '=';
  return { k: 'api', path: isWhole ? name : `${name}.${exportName}`, inst: false };
}
