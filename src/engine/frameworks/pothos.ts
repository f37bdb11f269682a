import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { type ApiValue, alternatives, api, spanIn, stringOf, type Value } from '../link/values.ts';
import type { Span } from '../model/span.ts';
import { defineAdapter } from './adapter.ts';
import { addBuilt, objectIn } from './graphql/builder-fields.ts';
import { type FieldKind, newSchema } from './graphql/schema.ts';
import { type LibraryCall, libraryCalls } from './shared/library-calls.ts';

const BUILDER = '@pothos/core';
const FIELDS = '@pothos/core.FieldBuilder';
const ROOTS: Readonly<Record<string, FieldKind>> = {
  query: 'QUERY',
  mutation: 'MUTATION',
  subscription: 'SUBSCRIPTION',
};
/** `queryField`, `mutationFields`, `subscriptionType`, `relayMutationField`. */
const ROOT_METHOD = /^(?:relay)?(query|mutation|subscription)(Field|Fields|Type)$/i;
const TYPE_METHODS = new Set([
  'objectType',
  'objectField',
  'objectFields',
  'prismaObject',
  'prismaNode',
  'prismaObjectField',
  'prismaObjectFields',
  'node',
  'drizzleObject',
  'drizzleNode',
]);
const NAMES = new Set([
  ...['query', 'mutation', 'subscription'].flatMap(root => [`${root}Field`, `${root}Fields`, `${root}Type`]),
  'relayMutationField',
  ...TYPE_METHODS,
]);

export const pothos = defineAdapter({
  id: 'pothos',
  title: 'Pothos',
  docs: 'https://pothos-graphql.dev/docs/guide/queries-mutations-and-subscriptions',
  packages: ['@pothos/core'],
  discover(program) {
    const schemas = new Map<string, RouterObject>();
    for (const found of libraryCalls(program, /^@pothos\/core$/, NAMES, path => path.startsWith(`${BUILDER}#`))) {
      const folder = program.project.packageOf(found.env.unit.path)?.folder ?? '';
      const schema = schemas.get(folder) ?? newSchema(program, 'pothos', found.span);
      schemas.set(folder, schema);
      read(program, schema, found);
    }
  },
});

function read(program: Program, schema: RouterObject, { call, env, path, span }: LibraryCall): void {
  const method = path.slice(BUILDER.length + 1);
  const args = call.a.map(arg => evaluate(program, env, arg));
  const [, root, form] = ROOT_METHOD.exec(method) ?? [];
  const kind = root ? ROOTS[root.toLowerCase()] : undefined;
  if (method === 'relayMutationField') {
    addBuilt(program, schema, { kind, type: undefined, name: stringOf(args[0]), options: args[2], span, parentAt: 0 });
  } else if (form === 'Field') {
    add(program, schema, kind, undefined, stringOf(args[0]), fieldIn(program, args[1]), span);
  } else if (form === 'Fields') {
    addAll(program, schema, kind, undefined, args[0], span);
  } else if (form === 'Type') {
    addAll(program, schema, kind, undefined, objectIn(args[0])?.props.get('fields'), span, args[0]);
  } else {
    const type = stringOf(args[0]) ?? objectIn(args[1])?.props.get('name');
    const name = typeof type === 'string' ? type : stringOf(type);
    const fields = method.endsWith('Fields') ? args[1] : objectIn(args[1])?.props.get('fields');
    addAll(program, schema, undefined, name, fields, span);
  }
}

/** `t => ({ user: t.field(…), … })`. */
function addAll(
  program: Program,
  schema: RouterObject,
  kind: FieldKind | undefined,
  type: string | undefined,
  fields: Value | undefined,
  span: Span,
  outer?: Value,
): void {
  const made = fields?.k === 'func' ? program.returns(fields, [api(FIELDS, true)]) : fields;
  for (const [name, value] of objectIn(made)?.props ?? [])
    for (const one of alternatives(value))
      if (one.k === 'api') add(program, schema, kind, type, name, one, span, outer);
}

function fieldIn(program: Program, value: Value | undefined): Value | undefined {
  return value?.k === 'func' ? program.returns(value, [api(FIELDS, true)]) : value;
}

function add(
  program: Program,
  schema: RouterObject,
  kind: FieldKind | undefined,
  type: string | undefined,
  name: string | undefined,
  value: Value | undefined,
  span: Span,
  outer?: Value,
): void {
  const field = fieldCall(value);
  const at = field?.made
    ? spanIn(field.made.env, field.made.call.f.k === 'mem' ? field.made.call.f.np : field.made.call.p)
    : span;
  // Fields of the Prisma plugin get the query first; `t.loadable` and its like load in batches.
  const method = field ? field.path.slice(field.path.lastIndexOf('#') + 1) : '';
  if (!kind && /load|relation|expose|drizzle/i.test(method)) return;
  const parentAt = /^prisma/.test(method) ? 1 : 0;
  const options = field?.made?.args.findLast(arg => objectIn(arg));
  addBuilt(program, schema, { kind, type, name, options, span: at, parentAt, outer });
}

function fieldCall(value: Value | undefined): ApiValue | undefined {
  return alternatives(value ?? { k: 'unknown' }).find(one => one.k === 'api' && one.made !== undefined) as
    | ApiValue
    | undefined;
}
