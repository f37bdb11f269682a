import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { createRouter } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { type ApiValue, alternatives, UNKNOWN, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { entryOf, type Leaf } from './leaves.ts';
import { procedureOf, RESOLVED } from './procedures.ts';
import { addRest } from './rest.ts';

export const ROUTER = '@trpc/server.Router';

/** Routers that module code made, in the order of their making. */
const made = new WeakMap<Program, ApiValue[]>();

export function noteRouter(program: Program, router: ApiValue): void {
  const list = made.get(program);
  if (list) list.push(router);
  else made.set(program, [router]);
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
    served.entries.push(...leaves.map(leaf => entryOf(leaf)));
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
