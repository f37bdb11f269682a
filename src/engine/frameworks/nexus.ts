import { callsIn } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { staticEnvOf } from '../link/signals.ts';
import { type FuncValue, spanIn, stringOf, type Value } from '../link/values.ts';
import type { Expr } from '../model/facts.ts';
import { defineAdapter } from './adapter.ts';
import { addBuilt, objectIn } from './graphql/builder-fields.ts';
import { type FieldKind, newSchema, ROOT_KINDS } from './graphql/schema.ts';
import { type LibraryCall, libraryCalls } from './shared/library-calls.ts';

const NAMES = new Set([
  'queryField',
  'mutationField',
  'subscriptionField',
  'queryType',
  'mutationType',
  'subscriptionType',
  'extendType',
  'objectType',
]);

export const nexus = defineAdapter({
  id: 'nexus',
  title: 'Nexus',
  docs: 'https://nexusjs.org/docs/api/object-type',
  packages: ['nexus', '@nexus/schema'],
  discover(program) {
    const schemas = new Map<string, RouterObject>();
    const isNexus = (path: string): boolean => /^(?:nexus|@nexus\/schema)\./.test(path);
    for (const found of libraryCalls(program, /^(?:nexus|@nexus\/schema)$/, NAMES, isNexus)) {
      const folder = program.project.packageOf(found.env.unit.path)?.folder ?? '';
      const schema = schemas.get(folder) ?? newSchema(program, 'nexus', found.span);
      schemas.set(folder, schema);
      read(program, schema, found);
    }
  },
});

function read(program: Program, schema: RouterObject, { call, env, path, span }: LibraryCall): void {
  const method = path.slice(path.lastIndexOf('.') + 1);
  const args = call.a.map(arg => evaluate(program, env, arg));
  const kind = kindOf(method, args[0]);
  const [first] = args;
  if (method.endsWith('Field')) {
    if (first?.k === 'func') addDefined(program, schema, kind, undefined, first);
    else
      addBuilt(program, schema, { kind, type: undefined, name: stringOf(first), options: args[1], span, parentAt: 0 });
    return;
  }
  const options = objectIn(first);
  const type = stringOf(options?.props.get('name') ?? options?.props.get('type'));
  const definition = options?.props.get('definition') ?? (first?.k === 'func' ? first : undefined);
  if (definition?.k === 'func') addDefined(program, schema, kind, type, definition);
}

function kindOf(method: string, first: Value | undefined): FieldKind | undefined {
  const root = /^(query|mutation|subscription)/.exec(method)?.[1];
  if (root) return ROOT_KINDS.get(root[0]!.toUpperCase() + root.slice(1));
  const props = objectIn(first)?.props;
  return ROOT_KINDS.get(stringOf(props?.get('type') ?? props?.get('name')) ?? '');
}

/** `definition(t) { t.nonNull.list.field('users', { resolve }) }`. */
function addDefined(
  program: Program,
  schema: RouterObject,
  kind: FieldKind | undefined,
  type: string | undefined,
  definition: FuncValue,
): void {
  program.cells.read(definition.fn);
  const env = staticEnvOf(program, definition);
  const [param] = definition.fn.params;
  const builder = param?.pat.k === 'pid' ? param.pat.n : undefined;
  for (const { call } of callsIn(definition.fn)) {
    const { f } = call;
    if (f.k !== 'mem' || builder === undefined || rootName(f.o) !== builder) continue;
    const args = call.a.map(arg => evaluate(program, env, arg));
    const options = args[1] ?? (args[0]?.k === 'object' ? args[0] : undefined);
    const name = stringOf(args[0]) ?? stringOf(objectIn(args[0])?.props.get('name'));
    // A field without a resolver is read from its parent.
    if (!kind && !objectIn(options)?.props.has('resolve')) continue;
    addBuilt(program, schema, { kind, type, name, options, span: spanIn(env, f.np), parentAt: 0 });
  }
}

function rootName(e: Expr): string | undefined {
  return e.k === 'id'
    ? e.n
    : e.k === 'mem'
      ? rootName(e.o)
      : e.k === 'call' && e.f.k === 'mem'
        ? rootName(e.f.o)
        : undefined;
}
