import { callsIn } from '../link/call-index.ts';
import { typeValue } from '../link/declared.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExprIn } from '../link/env.ts';
import { expressionsWhere, perFile } from '../link/kept/per-file.ts';
import { perModel } from '../link/kept/per-model.ts';
import { judgedUnits, perUnit } from '../link/kept/per-unit.ts';
import type { Model } from '../link/model.ts';
import type { Env, FileUnit, FuncValue, Value } from '../link/values.ts';
import { type Expr, type FileFacts, type FunctionFact, GLOBAL, MODULE } from '../model/facts.ts';
import { isCheckedByWrapper } from './checking-wrappers.ts';
import { CALLBACKS } from './models/callbacks.ts';
import { CALL_SOURCES, PAGE } from './models/sources.ts';
import { registeredIn } from './registered.ts';
import { startReaders } from './start-sources.ts';
import type { Summary } from './summary.ts';
import { everything } from './taint.ts';
import type { Solver } from './walk.ts';

/** Calls between the function that asks a model and the one that uses the answer. */
const ASK_DEPTH = 4;

export interface RootCall {
  readonly func: FuncValue;
  readonly given?: readonly (Value | undefined)[];
}

/** Functions that get untrusted values from outside of the program. */
export function rootsOf(model: Model, solver: Solver): RootCall[] {
  const { program } = model;
  const out: RootCall[] = [];
  const asking = new Map(model.operations('llm-call').map(({ fn, file }) => [fn, program.units.get(file)!]));
  const { taught } = solver;
  if (taught)
    for (const unit of judgedUnits(model))
      for (const fn of unit.facts.functions) if (taught.readsSource(unit, fn)) asking.set(fn, unit);
  for (const [fn, unit] of asking) out.push({ func: rootFunc(program.staticEnv(unit, fn)) });
  for (const endpoint of model.endpoints) {
    const handlers = [
      endpoint.handler,
      ...endpoint.chain.map(link => (link.value.k === 'func' ? link.value : undefined)),
    ];
    for (const func of handlers)
      if (func && model.isJudged(func.file)) out.push({ func, ...givenTo(solver, endpoint, func) });
  }
  for (const { root, isByHead } of rootsByFile(model)) if (!isByHead || !asking.has(root.func.fn)) out.push(root);
  return out;
}

interface Found {
  readonly root: RootCall;
  /** Its parameters say that it takes a request. */
  readonly isByHead: boolean;
  /** What hands it on asked a schema about the parts of the request before. */
  readonly isChecked?: boolean;
}

/** Functions whose requests were checked by what runs them, though nothing was seen to register them. */
export function checkedByWrappers(model: Model): readonly FunctionFact[] {
  return rootsByFile(model).flatMap(({ root, isChecked }) => (isChecked ? [root.func.fn] : []));
}

/** What the functions of a file say about themselves, in path order. */
const rootsByFile = perUnit((model, unit): readonly Found[] => {
  const { program } = model;
  const { functions } = unit.facts;
  const readers = pageReaders(unit.facts);
  const started = startReaders(unit.facts);
  const out: Found[] = [];
  const add = (root: RootCall, isByHead = false): void => {
    out.push({ root, isByHead });
  };
  for (const fn of functions) {
    for (const root of registeredIn(program, unit, fn)) add(root);
    if (readsNames(fn) || readers.has(fn) || started.has(fn)) add({ func: rootFunc(program.staticEnv(unit, fn)) });
    else if (fn.id !== MODULE)
      for (const root of byHead(model, unit, fn))
        out.push({ root, isByHead: true, isChecked: isCheckedByWrapper(model, unit, fn) });
    else if (mayRegister(functions) || readsParts(fn, 'req', GLOBAL))
      add({ func: rootFunc(program.staticEnv(unit, fn)) });
  }
  return out;
});

/** What a function's parameters say about it: whether it takes a request. */
function byHead(model: Model, unit: FileUnit, fn: FunctionFact): readonly RootCall[] {
  const env = model.program.staticEnv(unit, fn);
  const takes = takesRequest(model, env, fn);
  const given = takes ? undefined : byConvention(model, env, fn);
  return takes || given ? [{ func: rootFunc(env), ...(given ? { given } : {}) }] : [];
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

/** A function as whoever looks at nothing but its file knows it. */
export function rootFunc(env: Env): FuncValue {
  const { unit, fn, parent, self } = env;
  return { k: 'func', file: unit.path, fn, env: parent ?? env, ...(self ? { self } : {}) };
}

/** A handler that a wrapper of a package calls: nobody told what its parameters are. */
export function givenTo(
  { program, adapters }: Solver,
  endpoint: Endpoint,
  func: FuncValue,
): { given?: readonly Value[] } {
  if (func !== endpoint.handler || program.paramRole({ fn: func.fn } as Env, 0)) return {};
  const params = adapters.byId(endpoint.framework)?.handlerParams;
  return params ? { given: params.map(path => ({ k: 'api', path, inst: true })) } : {};
}

function takesRequest(model: Model, env: Env, fn: FunctionFact): boolean {
  const { program } = model;
  const { adapters } = program;
  const requests = requestPaths(model);
  return fn.params.some((param, index) => {
    const role = program.paramRole(env, index);
    if (role)
      return (
        role.k === 'api' &&
        (requests.has(adapters.canonical(role.path)) ||
          adapters.request(adapters.canonical(role.path.split('#')[0]!)) !== undefined)
      );
    if (!param.t || !/Request|Context|Event|Req$|Ctx$/.test(param.t.n)) return false;
    const type = typeValue(program, env, param.t);
    return type.k === 'api' && requests.has(adapters.canonical(type.path));
  });
}

/** API paths of objects that have request parts, or ways to answer, as members. */
export const requestPaths = perModel(({ program }): ReadonlySet<string> => {
  const out = new Set<string>();
  for (const { request, responses } of program.adapters.all) {
    for (const path of [...Object.keys(request ?? {}), ...Object.keys(responses ?? {})]) {
      const inst = path.lastIndexOf('#');
      for (const { index } of path.matchAll(/[#.]/g))
        if (path[index] === '#' || (inst > 0 && inst < index)) out.add(path.slice(0, index));
    }
  }
  return out;
});

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
  if (
    HTTP_METHOD.test(fn.name) &&
    fn.params[0]?.t?.n === 'Request' &&
    typeValue(program, env, fn.params[0].t).k !== 'class'
  )
    return apis('fetch.Request');
  const at = names.findIndex(name => /^_?req(?:uest)?$/.test(name));
  if (at === -1) return undefined;
  if (project.dependsOn(path, 'fastify') && /^_?(?:reply|rep|res)$/.test(names[at + 1] ?? ''))
    return apis(...names.slice(0, at).map(() => undefined), 'fastify.FastifyRequest', 'fastify.FastifyReply');
  const isHandler = /^_?res(?:ponse)?$/.test(names[at + 1] ?? '');
  if (!isHandler && !readsParts(fn, names[at]!)) return undefined;
  return apis(
    ...names.slice(0, at).map(() => undefined),
    'express.Request',
    isHandler ? 'express.Response' : undefined,
  );
}

/** What files of routes call the functions that answer. */
const HTTP_METHOD = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

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
