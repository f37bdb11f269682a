import type { Program } from '../../link/program.ts';
import { alternatives, type ObjectValue, type Value } from '../../link/values.ts';
import type { GraphqlField, GraphqlType } from '../../model/artefacts/api.ts';

/** Scalars of the specification that are no text; `ID` is one. */
const NUMBERS = new Set(['Int', 'Float', 'Boolean']);
const DEPTH = 4;

/**
 * Paths of a field's arguments for which its schema admits numbers, truth values and the values of an enum only, or lists
 * of them: `orderBy.direction`. From `args: { orderBy: { type: … } }`.
 */
export function builtArguments(program: Program, field: Value): string[] {
  const [declared] = alternatives(field).flatMap(one => (one.k === 'object' ? (one.props.get('args') ?? []) : []));
  return declared?.k === 'object' ? plainProps(program, declared, []) : [];
}

function plainProps(program: Program, { props }: ObjectValue, path: readonly string[]): string[] {
  return [...props].flatMap(([name, value]) => {
    const type = value.k === 'object' ? value.props.get('type') : undefined;
    return type ? plainType(program, type, [...path, name]) : [];
  });
}

function plainType(program: Program, type: Value, path: readonly string[]): string[] {
  if (type.k !== 'api' || path.length > DEPTH) return [];
  const [of] = type.made?.args ?? [];
  switch (type.path) {
    case 'graphql.GraphQLInt':
    case 'graphql.GraphQLFloat':
    case 'graphql.GraphQLBoolean':
    case 'graphql.GraphQLEnumType':
      return [path.join('.')];
    case 'graphql.GraphQLNonNull':
    case 'graphql.GraphQLNonNull()':
    case 'graphql.GraphQLList':
    case 'graphql.GraphQLList()':
      return of ? plainType(program, of, path) : [];
    case 'graphql.GraphQLInputObjectType': {
      const declared = of?.k === 'object' ? of.props.get('fields') : undefined;
      const fields = declared?.k === 'func' ? program.returns(declared, []) : declared;
      return fields?.k === 'object' ? plainProps(program, fields, path) : [];
    }
    default:
      return [];
  }
}

/** The same of a field in schema files. A type that several of them define counts only where all say so. */
export function declaredArguments(types: ReadonlyMap<string, readonly GraphqlType[]>, field: GraphqlField): string[] {
  return field.args.flatMap(({ name, typeName }) => plainNamed(types, typeName, [name.value]));
}

export function typesByName(types: readonly GraphqlType[]): ReadonlyMap<string, readonly GraphqlType[]> {
  const out = new Map<string, GraphqlType[]>();
  for (const type of types) out.set(type.name.value, [...(out.get(type.name.value) ?? []), type]);
  return out;
}

function plainNamed(
  types: ReadonlyMap<string, readonly GraphqlType[]>,
  name: string,
  path: readonly string[],
): string[] {
  const known = types.get(name) ?? [];
  if (path.length > DEPTH) return [];
  if (known.length === 0) return NUMBERS.has(name) ? [path.join('.')] : [];
  if (known.every(({ type }) => type === 'enum')) return [path.join('.')];
  if (!known.every(({ type }) => type === 'input')) return [];
  const own = known.flatMap(one =>
    one.fields.map(field => ({ plain: plainNamed(types, field.typeName, [...path, field.name.value]), field })),
  );
  return own.flatMap(({ plain, field }) =>
    plain.filter(one => own.every(other => other.field.name.value !== field.name.value || other.plain.includes(one))),
  );
}
