import { type FunctionFact, MODULE, type Param } from '../model/facts.ts';
import { typeValue } from './declared.ts';
import { eachExprIn } from './env.ts';
import type { Program } from './program.ts';
import { createRouter } from './router.ts';
import { spanAt } from './spans.ts';
import { type FileUnit, UNKNOWN, type Value } from './values.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'all', 'use']);

/**
 * Functions that register routes on a parameter and that nobody was seen to call: they are run once with a router
 * whose mount is unknown, so that their routes are there, marked partial.
 */
export function runDetached(program: Program, wasCalled: (fn: FunctionFact) => boolean): void {
  for (const unit of program.units.values()) {
    const types = importedRouters(program, unit);
    for (const fn of unit.facts.functions) {
      if (fn.id === MODULE || fn.parent !== MODULE || fn.params.length === 0 || wasCalled(fn)) continue;
      const args = fn.params.map(param => detachedParam(program, unit, fn, param, types));
      if (args.every(arg => arg.k === 'unknown')) continue;
      const self = program.selfOfMethod(unit, fn);
      program.callFunction(
        { k: 'func', file: unit.path, fn, env: unit.env, ...(self ? { self } : {}) },
        args,
        unit.env,
      );
    }
  }
}

/** What the file imports, or requires, from packages whose instances are routers: local name → API path. */
export function importedRouters({ adapters }: Program, { facts }: FileUnit): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (local: string, module: string, name: string | undefined): void => {
    names.set(local, name === undefined || name === 'default' || name === '*' ? module : `${module}.${name}`);
  };
  for (const { local, name, module } of facts.imports) if (adapters.isRouterPackage(module)) add(local, module, name);
  for (const stmt of facts.functions[MODULE]?.body ?? []) {
    if (stmt.k !== 'let' || stmt.v?.k !== 'call' || stmt.v.f.k !== 'id' || stmt.v.f.n !== 'require') continue;
    const [module] = stmt.v.a;
    if (module?.k !== 'str' || !adapters.isRouterPackage(module.v)) continue;
    if (stmt.pat.k === 'pid') add(stmt.pat.n, module.v, undefined);
    if (stmt.pat.k === 'pobj')
      for (const { key, v } of stmt.pat.props) if (v.k === 'pid' && typeof key === 'string') add(v.n, module.v, key);
  }
  return names;
}

function detachedParam(
  program: Program,
  unit: FileUnit,
  fn: FunctionFact,
  param: Param,
  types: ReadonlyMap<string, string>,
): Value {
  const framework = frameworkOf(program, unit, fn, param, types);
  if (!framework) return UNKNOWN;
  const span = spanAt(unit.path, param.p);
  const router = createRouter(framework, span, { detached: true, order: program.adapters.orderOf(framework) });
  program.routers.push(router);
  return { k: 'router', router };
}

function frameworkOf(
  program: Program,
  unit: FileUnit,
  fn: FunctionFact,
  { pat, t }: Param,
  types: ReadonlyMap<string, string>,
): string | undefined {
  if (t)
    return types.has(t.n.split('.')[0]!) ? program.adapters.routerType(typeValue(program, unit.env, t)) : undefined;
  if (pat.k !== 'pid') return undefined;
  const { n } = pat;
  return program.cells.rely(fn, () => registersOn(fn, n)) ? onlyFramework(program, unit.path) : undefined;
}

/** `x.get('/path', handler)` on the parameter. */
function registersOn(fn: FunctionFact, name: string): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (found || e.k !== 'call' || e.f.k !== 'mem' || e.a.length < 2 || !VERBS.has(e.f.n)) return;
    const [first] = e.a;
    const isParam = e.f.o.k === 'id' && e.f.o.n === name && e.f.o.s === fn.id;
    found = isParam && first?.k === 'str' && (first.v.startsWith('/') || first.v === '*');
  });
  return found;
}

function onlyFramework({ adapters, project }: Program, path: string): string | undefined {
  return adapters.routerFrameworks.find(id => adapters.byId(id)!.packages.some(name => project.dependsOn(path, name)));
}
