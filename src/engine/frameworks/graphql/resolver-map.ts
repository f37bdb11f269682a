import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, type Value } from '../../link/values.ts';

/** Resolvers by type and field, as far as they can be followed. */
export interface ResolverMap {
  readonly types: Map<string, Map<string, Value>>;
  /** More types or fields may have resolvers. */
  open: boolean;
}

const DEPTH = 8;
/** Helpers that join maps: what they give holds everything that went in. */
const MERGING =
  /(?:^|[.#])(?:mergeResolvers|merge|mergeWith|mergeDeep|mergeAll|defaultsDeep|assign|extend|composeResolvers)\(\)$|deepmerge/;

/** Reads `{ Query: { users } }`, lists of such maps, namespaces of modules, and what merging helpers were given. */
export function readResolvers(program: Program, value: Value | undefined): ResolverMap {
  const map: ResolverMap = { types: new Map(), open: false };
  collect(program, map, value, 0);
  return map;
}

function collect(program: Program, map: ResolverMap, value: Value | undefined, depth: number): void {
  if (!value || depth > DEPTH) return;
  for (const one of alternatives(value)) {
    const props = propsOf(program, one);
    if (props) {
      map.open ||= one.k === 'object' && one.open;
      for (const [type, fields] of props) addType(program, map, type, fields);
    } else if (one.k === 'array') {
      map.open ||= one.open;
      for (const item of one.items) collect(program, map, item, depth + 1);
    } else if (one.k === 'api' && one.made && MERGING.test(one.path)) {
      for (const arg of one.made.args) collect(program, map, arg, depth + 1);
    } else if (!(one.k === 'const' && one.v == null)) map.open = true;
  }
}

function addType(program: Program, map: ResolverMap, type: string, value: Value): void {
  const fields = map.types.get(type) ?? new Map<string, Value>();
  map.types.set(type, fields);
  for (const one of alternatives(value)) {
    const props = propsOf(program, one);
    if (props) for (const [name, resolver] of props) fields.set(name, resolver);
    if (!props || (one.k === 'object' && one.open)) fields.set(OPEN, one);
  }
}

/** Stands in a type whose fields are not all known. */
export const OPEN = '*';

/** The members of an object, of a module's namespace, or of an instance's class. */
export function propsOf(program: Program, value: Value): ReadonlyMap<string, Value> | undefined {
  if (value.k === 'object') return value.props;
  if (value.k === 'module') {
    const { names } = exportsOf(program, value.path);
    const shown = [...names].filter(name => name !== 'default' || names.size === 1);
    if (names.size === 1 && names.has('default')) return propsOf(program, program.exported(value.path, 'default'));
    return new Map(shown.filter(name => name !== '=').map(name => [name, program.exported(value.path, name)]));
  }
  if (value.k !== 'instance') return undefined;
  const { of } = value;
  return new Map(
    of.cls.members.flatMap(({ kind, n, f }): [string, Value][] => {
      const fn = f === undefined ? undefined : of.env.unit.facts.functions[f];
      return kind === 'method' && fn ? [[n, { k: 'func', file: of.file, fn, env: of.env, self: value }]] : [];
    }),
  );
}
