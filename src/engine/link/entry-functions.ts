import { entries } from '../model/document.ts';
import type { Expr, FunctionFact } from '../model/facts.ts';
import { constructorOf } from './call-index.ts';
import { createEnv, eachStmt } from './env.ts';
import { evaluate } from './evaluate.ts';
import { exportsOf } from './exports.ts';
import { expressionsWhere } from './kept/per-file.ts';
import { perModel } from './kept/per-model.ts';
import type { Model } from './model.ts';
import { resolveModule } from './modules.ts';
import type { PackageInfo } from './project.ts';
import { alternatives, type ClassValue, type FuncValue, type Value } from './values.ts';

/** How far functions are looked for in exported objects. */
const DEPTH = 2;
/** Functions of one module; a table of more is generated. */
const LIMIT = 200;

/** A function that users of a library call. */
export interface EntryFunction {
  readonly func: FuncValue;
  /** What made the object that it is a method of: its users call that as well. */
  readonly maker: FuncValue | undefined;
}

/**
 * Functions that code outside of the workspace calls with values of its own: what published libraries export, and what
 * files without any package around them export.
 */
export const entryFunctions = perModel((model): readonly EntryFunction[] => {
  const { project, program } = model;
  const modules = new Set<string>();
  for (const info of project.packages)
    if (isLibrary(info)) for (const path of entriesOf(model, info)) modules.add(path);
  for (const unit of program.units.values())
    if (unit.facts.exports.length > 0 && !project.packageOf(unit.path)) modules.add(unit.path);
  const out = new Map<FunctionFact, EntryFunction>();
  for (const path of [...modules].sort()) {
    if (!model.isJudged(path) || project.sources.get(path)?.generated) continue;
    const found: EntryFunction[] = [];
    const look = (name: string): void => collect(model, program.exported(path, name), DEPTH, found);
    for (const name of [...exportsOf(program, path).names].sort()) look(name);
    if (project.sources.get(path)?.exports.some(one => one.k === 'value' && one.name === '=')) look('=');
    for (const one of found.slice(0, LIMIT))
      if (!out.has(one.func.fn) && model.isJudged(one.func.file)) out.set(one.func.fn, one);
  }
  return [...out.values()];
});

/** Published. A server among its modules may be one that its users start. */
function isLibrary({ name, facts }: PackageInfo): boolean {
  if (facts.private?.value === true || !name) return false;
  return Boolean(facts.main?.value || facts.module?.value || facts.exports);
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

function collect(model: Model, value: Value, depth: number, out: EntryFunction[]): void {
  for (const one of alternatives(value)) {
    if (one.k === 'func') {
      out.push({ func: one, maker: undefined });
      for (const func of [...madeBy(one), ...ofPrototype(model, one)]) out.push({ func, maker: one });
    } else if (one.k === 'class') out.push(...methodsOf(one));
    else if (one.k === 'object' && depth > 0)
      for (const inner of one.props.values()) collect(model, inner, depth - 1, out);
  }
}

/** What users of a class call: its methods, but not those it keeps to itself. */
function methodsOf(of: ClassValue): EntryFunction[] {
  const { functions } = of.env.unit.facts;
  const maker = constructorOf(of);
  return of.cls.members.flatMap((one): EntryFunction[] => {
    const fn = one.f === undefined || one.kind === 'ctor' ? undefined : functions[one.f];
    if (!fn || one.access === 'private' || one.access === 'protected' || /^[_#]/.test(fn.name)) return [];
    const self = { k: 'instance', of, fields: new Map() } as const;
    return [{ func: { k: 'func', file: of.file, fn, env: of.env, self }, maker }];
  });
}

/** Functions that a function gives to its caller: `return { run(x) {} }`, `this.run = x => {}`. */
function madeBy({ file, fn, env }: FuncValue): FuncValue[] {
  const { unit } = env;
  const out: FuncValue[] = [];
  const add = (e: Expr | undefined): void => {
    const given = e?.k === 'fn' ? unit.facts.functions[e.f] : undefined;
    if (given) out.push({ k: 'func', file, fn: given, env: createEnv(unit, fn, env, true) });
  };
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'ret' && stmt.e?.k === 'obj') {
      for (const prop of stmt.e.props) if (prop.k === 'prop') add(prop.v);
    } else if (stmt.k === 'ret') add(stmt.e);
    else if (stmt.k === 'expr' && stmt.e.k === 'assign' && stmt.e.l.k === 'mem' && stmt.e.l.o.k === 'this')
      add(stmt.e.r);
  });
  return out;
}

/** `Runner.prototype.run = function () {}`, `Runner.prototype = { run() {} }`. */
function ofPrototype({ program }: Model, { env: { unit }, fn }: FuncValue): FuncValue[] {
  return prototypesSet(unit.facts).flatMap(({ fn: around, e }): FuncValue[] => {
    if (e.k !== 'assign' || e.l.k !== 'mem') return [];
    const [holder, value] = e.l.n === 'prototype' ? [e.l.o, e.r] : [e.l.o.k === 'mem' ? e.l.o.o : e.l.o, e.r];
    const env = program.staticEnv(unit, around);
    const of = evaluate(program, env, holder);
    if (of.k !== 'func' || of.fn !== fn) return [];
    const functions = value.k === 'obj' ? value.props.map(prop => prop.v) : [value];
    return functions.flatMap((one): FuncValue[] => {
      const method = one.k === 'fn' ? unit.facts.functions[one.f] : undefined;
      return method && !method.name.startsWith('_') ? [{ k: 'func', file: unit.path, fn: method, env }] : [];
    });
  });
}

const prototypesSet = expressionsWhere(
  ['assign'],
  e =>
    e.k === 'assign' &&
    e.l.k === 'mem' &&
    (e.l.n === 'prototype' ? e.r.k === 'obj' : e.r.k === 'fn' && e.l.o.k === 'mem' && e.l.o.n === 'prototype'),
);
