import { callsIn } from '../link/call-index.ts';
import { typeValue } from '../link/declared.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExprIn } from '../link/env.ts';
import { expressionsWhere, perFile } from '../link/kept/per-file.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import type { Env, FileUnit, FuncValue, Value } from '../link/values.ts';
import { type Expr, type FileFacts, type FunctionFact, GLOBAL } from '../model/facts.ts';
import { CALLBACKS } from './models/callbacks.ts';
import { CALL_SOURCES, PAGE } from './models/sources.ts';
import { registeredIn } from './registered.ts';
import type { Summary } from './summary.ts';
import { everything } from './taint.ts';
import type { Solver } from './walk.ts';

/** Calls between the function that asks a model and the one that uses the answer. */
const ASK_DEPTH = 4;

export interface RootCall {
  readonly func: FuncValue;
  readonly given?: readonly (Value | undefined)[];
}

/** Functions that get untrusted values from outside of the program, in path order. */
export function rootsOf(model: Model, solver: Solver): RootCall[] {
  const { program } = model;
  const out: RootCall[] = [];
  const asking = new Set<FunctionFact>();
  for (const { fn } of model.operations('llm-call')) asking.add(fn);
  for (const endpoint of model.endpoints) {
    const handlers = [
      endpoint.handler,
      ...endpoint.chain.map(link => (link.value.k === 'func' ? link.value : undefined)),
    ];
    for (const func of handlers)
      if (func && model.isJudged(func.file)) out.push({ func, ...givenTo(solver, endpoint, func) });
  }
  for (const unit of program.units.values()) {
    if (!model.isJudged(unit.path)) continue;
    const readers = pageReaders(unit.facts);
    for (const fn of unit.facts.functions) {
      out.push(...registrations(program, unit, fn));
      const isAsking =
        asking.has(fn) || readsNames(fn) || readers.has(fn) || (solver.taught?.readsSource(unit, fn) ?? false);
      if (fn.id === 0 && !isAsking && !mayRegister(unit.facts.functions) && !readsParts(fn, 'req', GLOBAL)) continue;
      if (fn.id === 0 || isAsking) out.push({ func: rootFunc(program.staticEnv(unit, fn)) });
      else out.push(...byHead(model, solver, unit, fn));
    }
  }
  return out;
}

interface KeptRoots {
  readonly registered: Map<FunctionFact, readonly RootCall[]>;
  readonly byHead: Map<FunctionFact, readonly RootCall[]>;
}

const kept = new WeakMap<Program, KeptRoots>();

function keptRoots(program: Program): KeptRoots {
  const known = kept.get(program) ?? { registered: new Map(), byHead: new Map() };
  kept.set(program, known);
  return known;
}

function registrations(program: Program, unit: FileUnit, fn: FunctionFact): readonly RootCall[] {
  const { registered } = keptRoots(program);
  const known = registered.get(fn);
  if (known) return known;
  const before = program.cells.enterList(registered, fn);
  const list = registeredIn(program, unit, fn);
  registered.set(fn, list);
  program.cells.keep(registered, fn);
  program.cells.leave(before);
  return list;
}

/** What a function's parameters say about it: whether it takes a request. */
function byHead(model: Model, solver: Solver, unit: FileUnit, fn: FunctionFact): readonly RootCall[] {
  const { program } = model;
  const memory = keptRoots(program).byHead;
  const known = memory.get(fn);
  if (known) return known;
  const before = program.cells.open(memory, fn);
  const env = program.staticEnv(unit, fn);
  const takes = takesRequest(solver, env, fn);
  const given = takes ? undefined : byConvention(model, env, fn);
  const list = takes || given ? [{ func: rootFunc(env), ...(given ? { given } : {}) }] : [];
  memory.set(fn, list);
  program.cells.keep(memory, fn);
  program.cells.close(memory, fn, before);
  return list;
}

/** Functions that call what gives back an untrusted value, and those that call them, found by the name of the call. */
export function askers(
  model: Model,
  memo: ReadonlyMap<FunctionFact, ReadonlyMap<string, { readonly summary: Summary }>>,
  look: (func: FuncValue) => void,
): void {
  const names = new Set<string>();
  for (let round = 0; round < ASK_DEPTH; round++) {
    const before = names.size;
    for (const [fn, summaries] of memo)
      for (const {
        summary: { returns },
      } of summaries.values())
        if (fn.name && everything(returns).some(({ root }) => root.k === 'source' && root.label === 'model'))
          names.add(fn.name);
    if (names.size === before) return;
    for (const unit of model.program.units.values()) {
      if (!model.isJudged(unit.path)) continue;
      for (const fn of unit.facts.functions) {
        if (memo.has(fn) || !callsIn(fn).some(({ call: { f } }) => (f.k === 'mem' || f.k === 'id') && names.has(f.n)))
          continue;
        look(rootFunc(model.program.staticEnv(unit, fn)));
      }
    }
  }
}

function rootFunc(env: Env): FuncValue {
  const { unit, fn, parent, self } = env;
  return { k: 'func', file: unit.path, fn, env: parent ?? env, ...(self ? { self } : {}) };
}

/** A handler that a wrapper of a package calls: nobody told what its parameters are. */
function givenTo({ program, adapters }: Solver, endpoint: Endpoint, func: FuncValue): { given?: readonly Value[] } {
  if (func !== endpoint.handler || program.paramRole({ fn: func.fn } as Env, 0)) return {};
  const params = adapters.byId(endpoint.framework)?.handlerParams;
  return params ? { given: params.map(path => ({ k: 'api', path, inst: true })) } : {};
}

function takesRequest(solver: Solver, env: Env, fn: FunctionFact): boolean {
  return fn.params.some((param, index) => {
    const role = solver.program.paramRole(env, index);
    if (role)
      return (
        role.k === 'api' &&
        (solver.isRequest(solver.adapters.canonical(role.path)) ||
          solver.adapters.request(solver.adapters.canonical(role.path.split('#')[0]!)) !== undefined)
      );
    if (!param.t || !/Request|Context|Event|Req$|Ctx$/.test(param.t.n)) return false;
    const type = typeValue(solver.program, env, param.t);
    return type.k === 'api' && solver.isRequest(solver.adapters.canonical(type.path));
  });
}

/**
 * A handler whose registration was not found: parameters without a type that says more, called what every example calls
 * them. Frameworks whose requests have other parts are told by the package they are used in. A helper that is handed a
 * request has to read a part of it.
 */
function byConvention(
  { project, program }: Model,
  env: Env,
  fn: FunctionFact,
): readonly (Value | undefined)[] | undefined {
  const names = fn.params.map(({ pat, t, rest }) => (pat.k === 'pid' && !rest && (!t || t.n === 'any') ? pat.n : ''));
  const [first, second] = names;
  const { path } = env.unit;
  if (project.dependsOn(path, 'koa') && first === 'ctx' && second === 'next') return apis('koa.Context');
  const at = names.findIndex(name => /^_?req(?:uest)?$/.test(name));
  if (at === -1) return undefined;
  if (project.dependsOn(path, 'fastify') && /^_?(?:reply|rep|res)$/.test(names[at + 1] ?? ''))
    return apis(...names.slice(0, at).map(() => undefined), 'fastify.FastifyRequest', 'fastify.FastifyReply');
  const isHandler = /^_?res(?:ponse)?$/.test(names[at + 1] ?? '');
  program.cells.read(fn);
  if (!isHandler && !readsParts(fn, names[at]!)) return undefined;
  return apis(
    ...names.slice(0, at).map(() => undefined),
    'express.Request',
    isHandler ? 'express.Response' : undefined,
  );
}

const SOURCE_NAMES = new Set(Object.keys(CALL_SOURCES).map(path => path.slice(path.lastIndexOf('#') + 1)));

/** Functions that read the address of the page they run in. */
const pageReaders = perFile(
  (facts: FileFacts): ReadonlySet<FunctionFact> => new Set(pageReads(facts).map(one => one.fn)),
);

const pageReads = expressionsWhere(
  ['mem'],
  e => e.k === 'mem' && e.o.k === 'id' && e.o.s === GLOBAL && ADDRESS.test(e.n) && PAGE.has(e.o.n),
);

const ADDRESS = /^(?:location|hash|search|href|URL|documentURI|referrer|name)$/;

/** Whether a function asks for a list of names from outside. */
function readsNames(fn: FunctionFact): boolean {
  return callsIn(fn).some(({ call: { f } }) => f.k === 'mem' && SOURCE_NAMES.has(f.n));
}

const PARTS = /^(?:body|query|params|cookies|headers)$/;

function readsParts(fn: FunctionFact, name: string, scope = fn.id): boolean {
  const reads = (e: Expr): boolean =>
    e.k === 'mem' && e.o.k === 'id' && e.o.n === name && e.o.s === scope && PARTS.test(e.n);
  let found = false;
  eachExprIn(fn, e => {
    found ||= reads(e);
  });
  return found;
}

function apis(...paths: readonly (string | undefined)[]): readonly (Value | undefined)[] {
  return paths.map(path => (path ? { k: 'api', path, inst: true } : undefined));
}

const CALLBACK_NAMES = new Set(
  Object.keys(CALLBACKS).map(path => path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf('#')) + 1)),
);

/** Whether a file's top level may hand functions to a library that calls them with untrusted values. */
function mayRegister(functions: readonly FunctionFact[]): boolean {
  const [top] = functions;
  return (
    top !== undefined &&
    JSON.stringify(
      top.body.map(stmt =>
        stmt.k === 'expr' && stmt.e.k === 'call' && stmt.e.f.k === 'mem'
          ? stmt.e.f.n
          : stmt.k === 'let' && stmt.v?.k === 'call' && stmt.v.f.k === 'id'
            ? stmt.v.f.n
            : '',
      ),
    )
      .split('"')
      .some(name => CALLBACK_NAMES.has(name))
  );
}
