import type { OperationDraft, OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { ApiValue, Env, FileUnit, Value } from '../link/values.ts';
import type { Param } from '../model/facts.ts';
import type { Adapter, MessageConsumer, RequestPart, ResponseKind, SchemaCommand } from './adapter.ts';

/** All adapters, merged into look-ups by API path. */
export interface Adapters {
  readonly all: readonly Adapter[];
  readonly routerFrameworks: readonly string[];
  /** Whether a module specifier belongs to a framework that builds routers. */
  isRouterPackage(specifier: string): boolean;
  /** Whether calling this may be the first step to a router: `new Hono()`, `initTRPC.context()`; not `express.json()`. */
  buildsRouters(path: string): boolean;
  byId(id: string): Adapter | undefined;
  canonical(path: string): string;
  call(path: string): NonNullable<Adapter['calls']>[string] | undefined;
  property(path: string, of: ApiValue): Value | undefined;
  operation(path: string): { readonly adapter: string; readonly read: OperationReader } | undefined;
  consumer(path: string): MessageConsumer | undefined;
  readonly schemaCommands: readonly SchemaCommand[];
  /** API types of the parameters of a function handed to a call. */
  callbackParams(path: string): readonly (string | undefined)[] | undefined;
  /** The package that a module written by a code generator stands for. */
  generated(specifier: string, name: string): string | undefined;
  ambient(program: Program, unit: FileUnit, name: string): Value | undefined;
  /** Last names of operations: a call with another name needs no look-up. */
  readonly operationNames: ReadonlySet<string>;
  middleware(path: string): NonNullable<Adapter['middleware']>[string] | undefined;
  request(path: string): RequestPart | undefined;
  response(path: string): ResponseKind | undefined;
  throws(path: string): boolean;
  /** The framework whose router a value of a declared type is. */
  routerType(value: Value): string | undefined;
  orderOf(framework: string): 'ordered' | 'scoped';
  inject(program: Program, env: Env, param: Param): Value | undefined;
}

export function createAdapters(all: readonly Adapter[]): Adapters {
  const merge = <T>(pick: (adapter: Adapter) => Readonly<Record<string, T>> | undefined): Map<string, T> =>
    new Map(all.flatMap(adapter => Object.entries(pick(adapter) ?? {})));
  const aliases = merge(adapter => adapter.aliases);
  const calls = merge(adapter => adapter.calls);
  const middleware = merge(adapter => adapter.middleware);
  const request = merge(adapter => adapter.request);
  const throwing = new Set(all.flatMap(adapter => adapter.throws ?? []));
  const responses = merge(adapter => adapter.responses);
  const routerTypes = merge(adapter =>
    adapter.routerTypes ? Object.fromEntries(adapter.routerTypes.map(path => [path, adapter.id])) : undefined,
  );
  const operations = new Map<string, { adapter: string; read: OperationReader }>();
  for (const adapter of all)
    for (const [path, read] of Object.entries(adapter.operations ?? {})) {
      const known = operations.get(path);
      operations.set(path, known ? { ...known, read: both(known.read, read) } : { adapter: adapter.id, read });
    }
  const routerPackages = new Set(
    all
      .filter(adapter => adapter.router || adapter.boots)
      .flatMap(adapter => [...adapter.packages, ...(adapter.routerTypes ?? []).map(packageOfType)]),
  );
  const routerHeads = new Set(
    all
      .filter(adapter => adapter.router || adapter.boots)
      .flatMap(adapter => [...Object.keys(adapter.calls ?? {}), ...Object.keys(adapter.aliases ?? {})])
      .flatMap(headsOf),
  );
  const canonical = new Map<string, string>();
  const consumers = merge(adapter => adapter.consumers);
  const callbacks = merge(adapter => adapter.callbacks);
  const byId = new Map(all.map(adapter => [adapter.id, adapter]));
  const ambients = all.flatMap(adapter => (adapter.ambient ? [adapter.ambient] : []));
  const injectors = all.flatMap(adapter => (adapter.inject ? [adapter.inject] : []));
  return {
    all,
    routerFrameworks: all.filter(adapter => adapter.router).map(adapter => adapter.id),
    isRouterPackage: specifier => routerPackages.has(specifier),
    buildsRouters: path => routerHeads.has(path),
    byId: id => byId.get(id),
    canonical: path => {
      let known = canonical.get(path);
      if (known === undefined) {
        known = canonicalPath(aliases, path);
        canonical.set(path, known);
      }
      return known;
    },
    call: path => calls.get(path),
    property: path => {
      const alias = aliases.get(path);
      return alias === undefined ? undefined : { k: 'api', path: alias, inst: true };
    },
    operation: path =>
      operations.get(path) ??
      operations.get(path.replace(/[.#][^.#()]+$/, '#*')) ??
      operations.get(path.replace(/([.#])[^.#()]+([.#][^.#()]+)$/, '$1*$2')),
    consumer: path => consumers.get(path),
    schemaCommands: all.flatMap(adapter => adapter.schemaCommands ?? []),
    callbackParams: path => callbacks.get(path),
    generated(specifier, name) {
      for (const { generated } of all) {
        const found = generated?.(specifier, name);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    ambient(program, unit, name) {
      for (const ambient of ambients) {
        const value = ambient(program, unit, name);
        if (value) return value;
      }
      return undefined;
    },
    operationNames: new Set([...operations.keys()].map(lastName)),
    middleware: path => middleware.get(path),
    request: path => request.get(path),
    response: path => responses.get(path),
    throws: path => throwing.has(path),
    routerType: value => (value.k === 'api' ? routerTypes.get(value.path) : undefined),
    orderOf: framework => byId.get(framework)?.order ?? 'ordered',
    inject(program, env, param) {
      for (const inject of injectors) {
        const value = inject(program, env, param);
        if (value) return value;
      }
      return undefined;
    },
  };
}

/** A path and what it begins with, member by member: `a`, `a.b`, `a.b()`. */
function headsOf(path: string): string[] {
  return [...path.matchAll(/[.#(]/g)].map(({ index }) => path.slice(0, index)).concat(path);
}

/** Replaces the longest aliased head of a path, until none is left. */
function canonicalPath(aliases: ReadonlyMap<string, string>, path: string): string {
  const whole = aliases.get(path);
  if (whole !== undefined) return whole;
  for (let at = path.length - 1; at > 0; at--) {
    const c = path[at];
    if (c !== '.' && c !== '#' && c !== '(') continue;
    const head = aliases.get(path.slice(0, at));
    if (head !== undefined) return head + path.slice(at);
  }
  return path;
}

/** A call may mean two things: hashing a password also holds the event loop. */
function both(a: OperationReader, b: OperationReader): OperationReader {
  const listOf = (drafts: ReturnType<OperationReader>): readonly OperationDraft[] =>
    !drafts ? [] : 'kind' in drafts ? [drafts] : drafts;
  return call => {
    const first = listOf(a(call));
    return [...first, ...listOf(b(call)).filter(draft => !first.some(one => one.kind === draft.kind))];
  };
}

function lastName(path: string): string {
  const at = Math.max(path.lastIndexOf('.'), path.lastIndexOf('#'));
  return path.slice(at + 1).replace('()', '');
}

/** `express-serve-static-core.Express` is a type of that package. */
function packageOfType(path: string): string {
  const dot = path.indexOf('.', path.startsWith('@') ? path.indexOf('/') : 0);
  return dot === -1 ? path : path.slice(0, dot);
}
