import type { Adapters } from '../frameworks/registry.ts';
import { type ExprOf, type FunctionFact, MODULE, type Param } from '../model/facts.ts';
import { createBases } from './bases.ts';
import { touchesOuter } from './boot-callbacks.ts';
import { bootOrder, routerFiles } from './boot-order.ts';
import { globalValue } from './builtins.ts';
import { callKey } from './call-key.ts';
import { createReturns } from './called.ts';
import { argumentsOf } from './calls.ts';
import { typeValue } from './declared.ts';
import { runDetached } from './detached.ts';
import { createEnv, innerFunctions } from './env.ts';
import { evaluate } from './evaluate.ts';
import { bindPattern, executeBody, type Run } from './execute.ts';
import type { Cells } from './kept/cells.ts';
import { bodyToRun } from './kept/reads.ts';
import { createModuleValues } from './module-values.ts';
import { createParamRoles } from './param-roles.ts';
import type { Project } from './project.ts';
import { type Branch, createRouter, type RouterObject } from './router.ts';
import { spanAt } from './spans.ts';
import { runUnstarted } from './unstarted-apps.ts';
import {
  type ApiValue,
  type CallSite,
  type ClassValue,
  constant,
  type Env,
  type FileUnit,
  type FuncValue,
  type InstanceValue,
  UNKNOWN,
  union,
  type Value,
} from './values.ts';

const STEP_LIMIT = 3_000_000;
const CALL_DEPTH = 24;
const CALLBACK_RUNS = 3;

/**
 * The whole program as far as it can be known without running it. `boot` carries out module code abstractly, so that
 * routers are built the way the project builds them (factories, loops, registrars); everything else is evaluated on
 * demand, in static environments.
 */
export interface Program {
  readonly project: Project;
  readonly adapters: Adapters;
  readonly units: ReadonlyMap<string, FileUnit>;
  /** Every router seen, in the order of creation. */
  readonly routers: RouterObject[];
  depth: number;
  steps: number;
  readonly stepLimit: number;
  /** The branch or loop being run that may not run. */
  branch: Branch | undefined;
  /** Counts what running code left behind (routes, assignments outside of the function): unchanged means pure. */
  effects: number;
  /** Modules that build routers have run: what is unknown now stays unknown. */
  isBooted: boolean;
  /** Instances whose constructor has run. */
  readonly executed: WeakSet<Value>;
  /** Who read what, for the next edit. */
  readonly cells: Cells;
  /** `withTests`: applications that tests build count as well. */
  boot(withTests: boolean): void;
  /** The static environment of a function that nobody called; closures keep the variables they captured. */
  staticEnv(unit: FileUnit, fn: FunctionFact): Env;
  global(name: string): Value;
  imported(unit: FileUnit, local: string): Value | undefined;
  importNamespace(from: string, specifier: string): Value;
  exported(path: string, name: string): Value;
  typeNamed(unit: FileUnit, name: string): Value;
  enumValue(unit: FileUnit, name: string): Value;
  /** What a handler's parameter is, if the function was registered as one. */
  paramRole(env: Env, position: number): Value | undefined;
  /** Notes that a framework calls this function with these values. */
  giveParams(func: Value, params: readonly Value[]): void;
  /** What a dependency-injection container puts into a constructor parameter. */
  injected(env: Env, param: Param): Value | undefined;
  /** What a class extends; undefined if it extends nothing. */
  baseOf(cls: ClassValue): Value | undefined;
  callFunction(func: FuncValue, args: readonly Value[], env: Env, e?: ExprOf<'call'>): Value;
  /** Union of what a function returns, without running it. */
  returns(func: FuncValue, args: readonly Value[]): Value;
  construct(cls: ClassValue, args: readonly Value[], env: Env, e?: ExprOf<'call'>): Value;
  superCall(env: Env, e: ExprOf<'call'>): Value;
  callApi(callee: ApiValue, site: CallSite): Value;
  routerCall(env: Env, e: ExprOf<'call'>, router: RouterObject, method: string): Value;
  /** What `this` is in a method that nobody was seen to call. */
  selfOfMethod(unit: FileUnit, fn: FunctionFact): Value | undefined;
  /** Runs functions handed to code that is not ours, if they touch variables outside of themselves. */
  runCallbacks(env: Env, args: readonly Value[]): void;
  newRouter(framework: string, site: CallSite, options?: Parameters<typeof createRouter>[2]): RouterObject;
}

/** `cells`: whether edits of this program will follow. */
export function createProgram(project: Project, adapters: Adapters, cells: Cells): Program {
  const units = new Map<string, FileUnit>();
  for (const [path, facts] of project.sources) {
    if (facts.generated) continue;
    const unit = { path, facts, state: 'idle' } as {
      path: string;
      facts: typeof facts;
      state: FileUnit['state'];
      env: Env;
    };
    unit.env = createEnv(unit, facts.functions[MODULE]!, undefined, false);
    units.set(path, unit);
  }
  const globals = new Map<string, Value>();
  const statics = new Map<FunctionFact, Env>();
  const closures = new Map<FunctionFact, Env>();
  const stack: FunctionFact[] = [];
  const callbackRuns = new Map<FunctionFact, number>();
  const called = new Set<FunctionFact>();
  const pure = new Map<string, Value>();
  let relevant: ReadonlySet<string> = new Set();
  let isTest = (_path: string): boolean => false;

  const runModule = (path: string): FileUnit | undefined => {
    const unit = units.get(path);
    if (unit?.state !== 'idle') return unit;
    unit.state = 'running';
    for (const { module, kind, eager } of unit.facts.dependencies) {
      if (!eager || kind === 'require' || kind === 'dynamic') continue;
      const target = modules.resolve(path, module);
      if (target.k === 'file' && relevant.has(target.path)) runModule(target.path);
    }
    executeBody(program, unit.env, unit.facts.functions[MODULE]!.body, { returns: [], conditional: 0 });
    modules.settleExports(unit);
    unit.state = 'done';
    return unit;
  };

  const program: Program = {
    project,
    adapters,
    units,
    routers: [],
    depth: 0,
    steps: 0,
    stepLimit: STEP_LIMIT,
    branch: undefined,
    effects: 0,
    isBooted: false,
    executed: new WeakSet(),
    cells,

    boot(withTests) {
      const { resolve } = modules;
      isTest = path => !withTests && project.roleOf(path) === 'test';
      relevant = new Set([...routerFiles(units, adapters.isRouterPackage, resolve)].filter(path => !isTest(path)));
      for (const path of bootOrder(relevant, units, resolve)) runModule(path);
      for (const adapter of adapters.all) adapter.discover?.(program);
      runUnstarted(program, fn => called.has(fn));
      runDetached(program, fn => called.has(fn));
      program.isBooted = true;
      // What a module's names are must not depend on who asked for them first.
      for (const path of units.keys()) runModule(path);
      cells.settle();
    },

    staticEnv(unit, fn) {
      const known = statics.get(fn);
      if (known) return known;
      const captured = closures.get(fn);
      const outer = unit.facts.functions[fn.parent];
      const parent =
        captured ?? (!outer || fn.parent === MODULE || fn.parent === -1 ? unit.env : program.staticEnv(unit, outer));
      const env = fn.id === MODULE ? unit.env : createEnv(unit, fn, parent, true, staticSelf(unit, fn, parent));
      statics.set(fn, env);
      return env;
    },

    global(name) {
      let value = globals.get(name);
      if (!value) {
        value = globalValue(name);
        globals.set(name, value);
      }
      return value;
    },

    imported: (unit, local) => modules.imported(unit, local),
    importNamespace: (from, specifier) => modules.importNamespace(from, specifier),
    exported: (path, name) => modules.exported(path, name),

    typeNamed(unit, name) {
      const imported = program.imported(unit, name);
      if (imported) return imported;
      const cls = unit.facts.classes.find(one => one.name === name && one.parent === MODULE);
      return cls ? { k: 'class', file: unit.path, cls, env: unit.env } : UNKNOWN;
    },

    enumValue(unit, name) {
      const type = unit.facts.types.find(one => one.kind === 'enum' && one.name === name);
      const props = new Map((type?.values ?? []).map(({ n, v }) => [n, v === undefined ? UNKNOWN : constant(v)]));
      return { k: 'object', props, open: false, file: unit.path, p: type?.p ?? [0, 0] };
    },

    paramRole: (env, position) => roles.of(env.fn)?.[position],
    giveParams: (func, params) => roles.give(func, params),
    injected: (env, param) => adapters.inject(program, env, param),
    baseOf: cls => bases(cls),

    callFunction(func, args, env) {
      if (env.isStatic) return program.returns(func, args);
      const before = cells.enterFn(func.fn);
      const value = runFunction(func, args);
      cells.leave(before);
      return value;
    },

    returns(func, args) {
      const before = cells.enterFn(func.fn);
      const value = returned(func, args);
      cells.leave(before);
      return value;
    },

    construct(cls, args, env) {
      const instance: InstanceValue = { k: 'instance', of: cls, fields: new Map() };
      if (env.isStatic) return instance;
      program.executed.add(instance);
      cells.made(instance);
      runConstructor(instance, cls, args, 0);
      return instance;
    },

    superCall(env, e) {
      const { self } = env;
      if (self?.k !== 'instance' || env.isStatic) return UNKNOWN;
      const owner = env.fn.cls === undefined ? undefined : env.unit.facts.classes[env.fn.cls];
      const base = owner?.ext ? evaluate(program, env, owner.ext) : UNKNOWN;
      if (base.k === 'class') runConstructor(self, base, argumentsOf(program, env, e.a), 1);
      return UNKNOWN;
    },

    callApi(callee, site) {
      const path = adapters.canonical(callee.path);
      const claimed = adapters.call(path);
      const value = claimed?.(program, callee, site);
      if (value) return value;
      if (!claimed) program.runCallbacks(site.env, site.args);
      const resultPath = site.call.new ? path : `${path}()`;
      return { k: 'api', path: adapters.canonical(resultPath), inst: true, made: site, from: callee };
    },

    routerCall(env, e, router, method) {
      const site: CallSite = { file: env.unit.path, call: e, env, args: argumentsOf(program, env, e.a) };
      // Code that is read again after it ran must not register its routes again.
      if (env.isStatic || program.isBooted) return { k: 'router', router };
      program.effects++;
      return adapters.byId(router.framework)?.router?.(program, router, method, site) ?? { k: 'router', router };
    },

    selfOfMethod: (unit, fn) => staticSelf(unit, fn, unit.env),

    runCallbacks(env, args) {
      // What start-up hands out has run by then.
      // Each suite would start the application anew.
      if (env.isStatic || cells.isSettled || isTest(env.unit.path)) return;
      for (const arg of args) {
        if (arg.k !== 'func') continue;
        const { fn } = arg;
        if (!cells.rely(fn, () => touchesOuter(fn))) continue;
        const runs = callbackRuns.get(arg.fn) ?? 0;
        if (runs >= CALLBACK_RUNS) continue;
        callbackRuns.set(arg.fn, runs + 1);
        program.callFunction(arg, [], env);
      }
    },

    newRouter(framework, site, options) {
      const router = createRouter(framework, spanAt(site.file, site.call.p), { ...options, within: program.branch });
      if (program.isBooted) return router;
      program.routers.push(router);
      program.effects++;
      return router;
    },
  };

  const modules = createModuleValues(program, runModule);
  const returned = createReturns(program);
  const bases = createBases(program);
  const roles = createParamRoles(program);

  const runFunction = (func: FuncValue, args: readonly Value[]): Value => {
    called.add(func.fn);
    if (stack.length > CALL_DEPTH || stack.includes(func.fn) || program.steps > STEP_LIMIT) {
      cells.limited();
      return program.returns(func, args);
    }
    const key = callKey(func, args);
    const known = pure.get(key);
    if (known) return known;
    const before = program.effects;
    stack.push(func.fn);
    const scope = createEnv(units.get(func.file)!, func.fn, func.env, false, func.self);
    cells.made(scope);
    const run: Run = { returns: [], conditional: 0 };
    bindParams(scope, func.fn, args);
    executeBody(program, scope, bodyToRun(func.fn), run);
    noteClosures(scope);
    stack.pop();
    const value = run.returns.length ? union(run.returns) : constant(undefined);
    if (program.effects === before) {
      pure.set(key, value);
      cells.keep(pure, key);
    }
    return value;
  };

  const bindParams = (env: Env, fn: FunctionFact, args: readonly Value[]): void => {
    fn.params.forEach((param, position) => {
      let value = param.rest ? ({ k: 'array', items: args.slice(position), open: false } as Value) : args[position];
      if ((!value || (value.k === 'const' && value.v === undefined)) && param.d)
        value = evaluate(program, env, param.d);
      if (!value || value.k === 'unknown') value = param.t ? typeValue(program, env, param.t) : (value ?? UNKNOWN);
      if (value.k === 'unknown' && param.pat.k === 'pid')
        value = { k: 'param', fn, file: env.unit.path, index: position };
      bindPattern(program, env, param.pat, value);
      if (param.field && param.pat.k === 'pid' && env.self?.k === 'instance') env.self.fields.set(param.pat.n, value);
    });
  };

  const runConstructor = (self: InstanceValue, cls: ClassValue, args: readonly Value[], depth: number): void => {
    if (depth > 6 || stack.length > CALL_DEPTH) return;
    const unit = units.get(cls.file)!;
    const ctor = cls.cls.members.find(one => one.kind === 'ctor');
    const fn = ctor?.f === undefined ? undefined : unit.facts.functions[ctor.f];
    const base = fn ? undefined : program.baseOf(cls);
    if (base?.k === 'class') runConstructor(self, base, args, depth + 1);
    for (const one of cls.cls.members) {
      if (one.kind !== 'field' || one.static || !one.init) continue;
      const scope: Env = { unit, fn: cls.env.fn, vars: cls.env.vars, parent: cls.env.parent, isStatic: false, self };
      self.fields.set(one.n, evaluate(program, scope, one.init));
    }
    if (!fn || stack.includes(fn)) return;
    const before = cells.enterFn(fn);
    called.add(fn);
    stack.push(fn);
    const scope = createEnv(unit, fn, cls.env, false, self);
    cells.made(scope);
    bindParams(scope, fn, args);
    executeBody(program, scope, bodyToRun(fn), { returns: [], conditional: 0 });
    noteClosures(scope);
    stack.pop();
    cells.leave(before);
  };

  /** Functions written in one that was executed see its variables when they are looked at later. */
  const noteClosures = (env: Env): void => {
    if (cells.isSettled) return;
    for (const fn of innerFunctions(env.unit.facts, env.fn)) if (!closures.has(fn)) closures.set(fn, env);
  };

  const staticSelf = (unit: FileUnit, fn: FunctionFact, parent: Env): Value | undefined => {
    if (fn.kind === 'arrow' || fn.cls === undefined) return undefined;
    const cls = unit.facts.classes[fn.cls];
    if (!cls) return undefined;
    const of: ClassValue = { k: 'class', file: unit.path, cls, env: parent };
    const isStatic = cls.members.some(one => one.f === fn.id && one.static);
    return isStatic ? of : { k: 'instance', of, fields: instanceFields(cls) };
  };

  const fieldsByClass = new Map<object, Map<string, Value>>();
  const instanceFields = (cls: object): Map<string, Value> => {
    let fields = fieldsByClass.get(cls);
    if (!fields) {
      fields = new Map();
      fieldsByClass.set(cls, fields);
    }
    return fields;
  };

  return program;
}
