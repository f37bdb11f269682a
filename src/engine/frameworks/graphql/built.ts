import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import { alternatives, type ObjectValue, type Value } from '../../link/values.ts';
import { type LibraryCall, libraryCalls } from '../shared/library-calls.ts';
import { builtArguments } from './plain-arguments.ts';
import { readResolver } from './resolve.ts';
import { addField, type FieldKind, newSchema, spanOf } from './schema.ts';

const ROOTS: readonly (readonly [string, FieldKind])[] = [
  ['query', 'QUERY'],
  ['mutation', 'MUTATION'],
  ['subscription', 'SUBSCRIPTION'],
];

/** Schemas put together from objects: `new GraphQLSchema({ query: new GraphQLObjectType({ fields: { … } }) })`. */
export function discoverBuilt(program: Program): RouterObject[] {
  const isSchema = (path: string): boolean => path === 'graphql.GraphQLSchema';
  return [...libraryCalls(program, /^graphql$/, new Set(['GraphQLSchema']), isSchema)].flatMap(
    found => schemaOf(program, found) ?? [],
  );
}

function schemaOf(program: Program, { call, env, span }: LibraryCall): RouterObject | undefined {
  const options = call.new && call.a[0] ? evaluate(program, env, call.a[0]) : undefined;
  if (options?.k !== 'object') return undefined;
  const schema = newSchema(program, 'graphql', span);
  for (const [root, kind] of ROOTS) {
    const type = options.props.get(root);
    if (type && !(type.k === 'const' && type.v == null)) addRoot(program, schema, kind, type);
  }
  return schema;
}

function addRoot(program: Program, schema: RouterObject, kind: FieldKind, type: Value): void {
  const fields = fieldsOf(program, type);
  for (const [name, value] of fields?.props ?? []) {
    const { handlers, func, partial } = readResolver(program, value);
    const plain = builtArguments(program, value);
    addField(schema, { kind, name, handlers, span: func ? spanOf(func) : schema.span, partial, plain });
  }
  if (!fields || fields.open)
    addField(schema, {
      kind,
      name: undefined,
      handlers: [],
      span: schema.span,
      partial: 'its fields could not all be followed',
    });
}

/** What a root type declares, at once or in a function that is asked later. */
function fieldsOf(program: Program, type: Value): ObjectValue | undefined {
  for (const one of alternatives(type)) {
    const [options] = one.k === 'api' && one.path === 'graphql.GraphQLObjectType' ? (one.made?.args ?? []) : [];
    const declared = options?.k === 'object' ? options.props.get('fields') : undefined;
    const fields = declared?.k === 'func' ? program.returns(declared, []) : declared;
    if (fields?.k === 'object') return fields;
  }
  return undefined;
}
