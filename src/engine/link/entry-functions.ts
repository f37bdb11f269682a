import { entries } from '../model/document.ts';
import { exportsOf } from './exports.ts';
import type { Model } from './model.ts';
import { resolveModule } from './modules.ts';
import type { PackageInfo } from './project.ts';
import { alternatives, type ClassValue, type FuncValue, type Value } from './values.ts';

/** How far functions are looked for in exported objects. */
const DEPTH = 2;
/** Functions of one module; a table of more is generated. */
const LIMIT = 200;

/**
 * Functions that code outside of the workspace calls with values of its own: what published libraries export, and what
 * files without any package around them export.
 */
export function entryFunctions(model: Model): FuncValue[] {
  const { project, program } = model;
  const modules = new Set<string>();
  for (const info of project.packages)
    if (isLibrary(model, info)) for (const path of entriesOf(model, info)) modules.add(path);
  for (const unit of program.units.values())
    if (unit.facts.exports.length > 0 && !project.packageOf(unit.path)) modules.add(unit.path);
  const out = new Map<unknown, FuncValue>();
  for (const path of [...modules].sort()) {
    if (!model.isJudged(path) || project.sources.get(path)?.generated) continue;
    const found: FuncValue[] = [];
    for (const name of [...exportsOf(program, path).names].sort()) collect(program.exported(path, name), DEPTH, found);
    if (project.sources.get(path)?.exports.some(one => one.k === 'value' && one.name === '='))
      collect(program.exported(path, '='), DEPTH, found);
    for (const func of found.slice(0, LIMIT))
      if (!out.has(func.fn) && model.isJudged(func.file)) out.set(func.fn, func);
  }
  return [...out.values()];
}

/** Published, and no server of its own. */
function isLibrary({ endpoints, project }: Model, info: PackageInfo): boolean {
  const { facts } = info;
  if (facts.private?.value === true) return false;
  if (!info.name || !(facts.main?.value || facts.module?.value || facts.exports)) return false;
  return !endpoints.some(({ span }) => project.packageOf(span.file) === info);
}

/** Modules by which a package is asked for. */
function entriesOf({ project }: Model, { name, path, facts }: PackageInfo): string[] {
  const keys = entries(facts.exports).map(({ key }) => key);
  const subs = keys.filter(key => key.startsWith('./') && !key.includes('*')).map(key => key.slice(2));
  return [name!, ...subs.map(sub => `${name}/${sub}`)].flatMap(specifier => {
    const target = resolveModule(project, path, specifier);
    return target.k === 'file' ? [target.path] : [];
  });
}

function collect(value: Value, depth: number, out: FuncValue[]): void {
  for (const one of alternatives(value)) {
    if (one.k === 'func') out.push(one);
    else if (one.k === 'class') out.push(...methodsOf(one));
    else if (one.k === 'object' && depth > 0) for (const inner of one.props.values()) collect(inner, depth - 1, out);
  }
}

/** What users of a class call: its methods, but not those it keeps to itself. */
function methodsOf(of: ClassValue): FuncValue[] {
  const { functions } = of.env.unit.facts;
  return of.cls.members.flatMap((one): FuncValue[] => {
    const fn = one.f === undefined || one.kind === 'ctor' ? undefined : functions[one.f];
    if (!fn || one.access === 'private' || one.access === 'protected' || /^[_#]/.test(fn.name)) return [];
    return [{ k: 'func', file: of.file, fn, env: of.env, self: { k: 'instance', of, fields: new Map() } }];
  });
}
