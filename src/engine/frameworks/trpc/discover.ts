import { callsIn } from '../../link/call-index.ts';
import type { ChainLink } from '../../link/endpoint.ts';
import { evaluate } from '../../link/evaluate.ts';
import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterEntry, type RouterObject } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { type ApiValue, alternatives, constant, UNKNOWN, type Value } from '../../link/values.ts';
import type { FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { type Procedure, procedureOf, RESOLVED } from './procedures.ts';

export const ROUTER = '@trpc/server.Router';

/** Routers that module code made, in the order of their making. */
const made = new WeakMap<Program, ApiValue[]>();

export function noteRouter(program: Program, router: ApiValue): void {
  const list = made.get(program);
  if (list) list.push(router);
  else made.set(program, [router]);
}

interface Leaf {
  readonly name: string;
  /** Undefined where what is registered could not be followed. */
  readonly procedure: Procedure | undefined;
  readonly span: Span;
}

/** Every router that no other one holds is served as a whole; its procedures are addressed by their dotted names. */
export function discoverTrpc(program: Program): void {
  const routers = made.get(program) ?? [];
  const held = new Set<unknown>();
  const trees = routers.map(router => {
    const leaves: Leaf[] = [];
    collect(program, router, '', leaves, held, 0);
    return { router, leaves };
  });
  const roots = trees.filter(({ router }) => !held.has(router.made?.call));
  for (const { router, leaves } of roots) {
    const served = createRouter('trpc', spanOf(router), { app: true, protocol: 'rpc' });
    program.routers.push(served);
    served.entries.push(...leaves.map(entryOf));
  }
  addRest(program, roots);
}

function spanOf({ made: site }: ApiValue): Span {
  return site ? spanAt(site.file, site.call.f.p) : { file: '', start: 0, end: 0 };
}

function collect(
  program: Program,
  value: Value,
  name: string,
  out: Leaf[],
  held: Set<unknown>,
  depth: number,
  at?: Span,
): void {
  const here = value.k === 'api' && value.made ? spanOf(value) : (at ?? { file: '', start: 0, end: 0 });
  if (depth > 12) return;
  const inner = (next: Value, under: string): void => collect(program, next, under, out, held, depth + 1, here);
  if (value.k === 'api' && value.path === RESOLVED) {
    const procedure = procedureOf(value);
    out.push({ name, procedure, span: procedure?.span ?? here });
  } else if (value.k === 'api' && value.path === ROUTER) {
    if (depth > 0) held.add(value.made?.call);
    for (const argument of value.made?.args ?? []) inner(argument, name);
  } else if (value.k === 'object') {
    for (const [key, one] of value.props) inner(one, name ? `${name}.${key}` : key);
    if (value.open) out.push({ name: name ? `${name}.*` : '*', procedure: undefined, span: here });
  } else if (value.k === 'module') {
    for (const key of exportsOf(program, value.path).names) {
      const one = program.exported(value.path, key);
      if (one.k === 'api' && one.path === ROUTER) inner(one, name);
    }
  } else if (value.k === 'api' && value.path === '@trpc/server.lazy()') {
    const [load] = value.made?.args ?? [];
    inner(load?.k === 'func' ? program.returns(load, []) : UNKNOWN, name);
  } else if (value.k === 'union') {
    const known = alternatives(value).find(one => one.k === 'api' || one.k === 'object');
    inner(known ?? UNKNOWN, name);
  } else if (value.k !== 'const') out.push({ name: name || '*', procedure: undefined, span: here });
}

function entryOf({ name, procedure, span }: Leaf): RouterEntry {
  return {
    k: 'route',
    methods: [procedure?.kind ?? 'ALL'],
    path: constant(name),
    handlers: procedure ? [...procedure.steps, procedure.resolver] : [UNKNOWN],
    span,
    conditional: false,
    ...(procedure
      ? { judge: () => ({ steps: validationOf(procedure) }) }
      : { partial: 'what is registered under this name could not be followed' }),
  };
}

/** An input parser that refuses something; one that takes anything checks nothing. */
function validationOf({ inputs, span }: Procedure): ChainLink[] {
  return inputs.flatMap(({ made: site }): ChainLink[] => {
    const schema = site?.args[0];
    if (!schema || (schema.k === 'api' && ANYTHING.test(schema.path))) return [];
    const why = 'the procedure’s input is parsed';
    return [{ value: schema, roles: ['validates-body'], span, via: 'input of the procedure', why, evidence: [] }];
  });
}

const ANYTHING = /^(?:zod|valibot)\.(?:any|unknown)(?:\(\)|$)/;

const REST = ['trpc-to-openapi', 'trpc-openapi'];

/** Procedures that a REST handler serves, too, under the method and path of their metadata. */
function addRest(
  program: Program,
  roots: readonly { readonly router: ApiValue; readonly leaves: readonly Leaf[] }[],
): void {
  const servesRest = ({ imports }: FileFacts): boolean =>
    imports.some(({ module, typeOnly }) => !typeOnly && REST.includes(module));
  program.cells.expectNone(servesRest);
  for (const unit of program.units.values()) {
    if (!servesRest(unit.facts)) continue;
    for (const fn of unit.facts.functions) {
      program.cells.read(fn);
      for (const { call } of callsIn(fn)) {
        const env = program.staticEnv(unit, fn);
        const callee = evaluate(program, env, call.f);
        if (callee.k !== 'api' || !/^trpc(?:-to)?-openapi\.createOpenApi\w+$/.test(callee.path)) continue;
        const options = call.a[0] && evaluate(program, env, call.a[0]);
        if (options?.k !== 'object' || !options.props.has('router')) continue;
        const wanted = options.props.get('router');
        const root = roots.find(({ router }) => wanted?.k === 'api' && wanted.made?.call === router.made?.call);
        if (!root) continue;
        const span = spanAt(unit.path, call.f.p);
        addRestRouter(program, root.leaves, span, options.props.get('endpoint'));
      }
    }
  }
}

function addRestRouter(program: Program, leaves: readonly Leaf[], span: Span, base: Value | undefined): void {
  const router: RouterObject = createRouter('trpc', span, { app: true, prefix: base });
  program.routers.push(router);
  for (const leaf of leaves) {
    const rest = leaf.procedure?.rest;
    if (rest)
      router.entries.push({
        ...(entryOf(leaf) as RouterEntry & { k: 'route' }),
        methods: [rest.method.toUpperCase()],
        path: constant(rest.path),
      });
  }
}
