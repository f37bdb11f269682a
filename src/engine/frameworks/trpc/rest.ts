import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject } from '../../link/router.ts';
import { type ApiValue, type CallSite, constant, type ObjectValue, stringOf, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { libraryCalls } from '../shared/library-calls.ts';
import { entryOf, type Leaf } from './leaves.ts';

const REST = /^trpc(?:-to)?-openapi$/;
const HANDLER = /^trpc(?:-to)?-openapi\.createOpenApi(\w+)$/;
const HANDLERS = new Set(
  'ExpressMiddleware HttpHandler NodeHttpHandler NextHandler NuxtHandler FetchHandler AwsLambdaHandler KoaMiddleware'
    .split(' ')
    .map(name => `createOpenApi${name}`),
);
const PLUGIN = /^trpc(?:-to)?-openapi\.fastifyTRPCOpenApiPlugin$/;

interface Tree {
  readonly router: ApiValue;
  readonly leaves: readonly Leaf[];
}

/** Procedures that a REST handler serves, too, under the method and path of their metadata. */
export function addRest(program: Program, roots: readonly Tree[]): void {
  const leavesOf = (options: Value | undefined): readonly Leaf[] | undefined => {
    const wanted = options?.k === 'object' ? options.props.get('router') : undefined;
    return roots.find(({ router }) => wanted?.k === 'api' && wanted.made?.call === router.made?.call)?.leaves;
  };
  for (const { call, env, path, span } of libraryCalls(program, REST, HANDLERS, one => HANDLER.test(one))) {
    const options = call.a[0] && evaluate(program, env, call.a[0]);
    const leaves = leavesOf(options);
    const kind = HANDLER.exec(path)?.[1] ?? '';
    if (options?.k === 'object' && leaves) serve(program, leaves, span, { call, kind, options });
  }
  for (const { router, options, span } of plugins(program)) {
    const leaves = leavesOf(options);
    const prefix = options?.k === 'object' ? options.props.get('basePath') : undefined;
    if (leaves) add(program, createRouter('trpc', span, { order: 'scoped', parent: router, prefix }), leaves);
  }
}

interface Handler {
  readonly call: CallSite['call'];
  readonly kind: string;
  readonly options: ObjectValue;
}

/** Below the path that the handler is mounted at, that its file has, or that its options say. */
function serve(program: Program, leaves: readonly Leaf[], span: Span, { call, kind, options }: Handler): void {
  const base = options.props.get('endpoint') ?? fileBase(program, span.file);
  const router = createRouter('trpc', span, { app: base !== undefined || /^(?:Node)?Http/.test(kind), prefix: base });
  for (const { entries } of [...program.routers]) {
    for (const [position, entry] of entries.entries()) {
      const isIt = (value: Value): boolean => value.k === 'api' && value.made?.call === call;
      if (entry.k === 'use' && entry.handlers.some(isIt))
        entries[position] = {
          ...entry,
          handlers: entry.handlers.map(value => (isIt(value) ? { k: 'router', router } : value)),
        };
    }
  }
  add(program, router, leaves);
}

function add(program: Program, router: RouterObject, leaves: readonly Leaf[]): void {
  program.routers.push(router);
  for (const leaf of leaves) {
    const rest = leaf.procedure?.rest;
    if (!rest) continue;
    const method = rest.method.toUpperCase();
    const path = rest.path.replace(/\{(\w+)\}/g, ':$1');
    const own = method === 'GET' || method === 'DELETE' ? 'validates-query' : 'validates-body';
    const place = path.includes(':') ? (['validates-params', own] as const) : ([own] as const);
    router.entries.push({ ...entryOf(leaf, place), methods: [method], path: constant(path) });
  }
}

/** `/api` for a handler in `api/[...trpc].ts`, whose own route is theirs. */
function fileBase({ routers }: Program, file: string): Value | undefined {
  for (const { entries, protocol } of routers) {
    for (const [position, entry] of entries.entries()) {
      const path = entry.k === 'route' && entry.span.file === file ? stringOf(entry.path) : undefined;
      const base = protocol === 'http' && path ? /^(.*)\/\*\w*$/.exec(path)?.[1] : undefined;
      if (base === undefined || entry.k !== 'route') continue;
      entries[position] = { ...entry, marks: { ...entry.marks, isPublic: 'judged procedure by procedure' } };
      return constant(base);
    }
  }
  return undefined;
}

function plugins({ routers }: Program): { router: RouterObject; options: Value | undefined; span: Span }[] {
  return routers.flatMap(router =>
    router.entries.flatMap(entry => {
      const found = entry.k === 'use' ? entry.handlers : [];
      return found.flatMap(value =>
        value.k === 'api' && PLUGIN.test(value.path)
          ? [{ router, options: value.made?.args[1], span: entry.span }]
          : [],
      );
    }),
  );
}
