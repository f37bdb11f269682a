import {
  type DefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type NameNode,
  parse,
  print,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { recursiveEdges } from '../../common/cycles.ts';
import type { GraphqlDirective, GraphqlField, GraphqlType } from '../model/artefacts/api.ts';
import type { ArtefactProblem } from '../model/artefacts/base.ts';
import type { Located } from '../model/document.ts';
import { type ArtefactReader, hasExtension } from './reader.ts';
import { MAX_PROBLEMS } from './tree/tree.ts';

type TypeNodes = TypeDefinitionNode | TypeExtensionNode;

interface Definition {
  readonly node: DefinitionNode;
  /** What to add to the node's offsets to get the file's. */
  readonly shift: number;
}

const DEFINITION = /^(?:extend[ \t]+)?(?:type|interface|input|enum|union|scalar|schema|directive)\b/m;

const TYPES: Readonly<Partial<Record<Kind, GraphqlType['type']>>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'input',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
};

/** Schema files only; a file of queries is no schema. */
export const graphqlSdl: ArtefactReader<'graphql-sdl'> = {
  kind: 'graphql-sdl',

  matches: (path, head) => hasExtension(path, 'graphql', 'gql', 'graphqls', 'sdl') && DEFINITION.test(head),

  read(_path, text) {
    const { definitions, problems } = parseDefinitions(text);
    const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
    const types: GraphqlType[] = [];
    const directives: Located[] = [];
    for (const { node, shift } of definitions) {
      if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
        for (const operation of node.operationTypes ?? []) roots[operation.operation] = operation.type.name.value;
      } else if (node.kind === Kind.DIRECTIVE_DEFINITION) directives.push(nameOf(node.name, shift));
      else if (Object.hasOwn(TYPES, node.kind)) types.push(readType(node as TypeNodes, shift));
    }
    return { kind: 'graphql-sdl', problems, ...roots, types: markRecursion(types), directives };
  },
};

/** Parses the whole, or else each definition on its own, so that one mistake does not hide the rest. */
function parseDefinitions(text: string): { definitions: Definition[]; problems: ArtefactProblem[] } {
  try {
    return { definitions: parse(text).definitions.map(node => ({ node, shift: 0 })), problems: [] };
  } catch {
    if (!/\S/.test(text.replace(/#[^\n]*/g, ''))) return { definitions: [], problems: [] };
  }
  const definitions: Definition[] = [];
  const problems: ArtefactProblem[] = [];
  const starts = [
    ...text.matchAll(/^(?:extend[ \t]+)?(?:type|interface|input|enum|union|scalar|schema|directive)\b/gm),
  ].map(match => match.index);
  for (const [i, start] of starts.entries()) {
    const chunk = text.slice(start, starts[i + 1]);
    try {
      // The next definition's description belongs to this chunk and is no definition; so are comments.
      const own = chunk.replace(/(?:"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*")\s*$/, '');
      for (const node of parse(own).definitions) definitions.push({ node, shift: start });
    } catch {
      if (problems.length < MAX_PROBLEMS)
        problems.push({ message: 'GraphQL: invalid definition', start, end: start + chunk.trimEnd().length });
    }
  }
  if (problems.length === 0) problems.push({ message: 'GraphQL: invalid document', start: 0, end: 0 });
  return { definitions, problems };
}

function readType(node: TypeNodes, shift: number): GraphqlType {
  const fields = 'fields' in node ? (node.fields ?? []) : [];
  const members =
    'values' in node
      ? (node.values ?? []).map(value => value.name)
      : 'types' in node
        ? (node.types ?? []).map(type => type.name)
        : [];
  return {
    ...spanOf(node, shift),
    name: nameOf(node.name, shift),
    type: TYPES[node.kind] ?? 'object',
    extension: node.kind.endsWith('Extension'),
    interfaces: 'interfaces' in node ? (node.interfaces ?? []).map(type => type.name.value) : [],
    directives: readDirectives(node, shift),
    fields: fields.map(field => readField(field, shift)),
    members: members.map(name => nameOf(name, shift)),
  };
}

function readField(node: FieldDefinitionNode | InputValueDefinitionNode, shift: number): GraphqlField {
  const args = 'arguments' in node ? (node.arguments ?? []) : [];
  return {
    ...spanOf(node, shift),
    name: nameOf(node.name, shift),
    ...readTypeRef(node.type),
    args: args.map(arg => ({ name: nameOf(arg.name, shift), ...readTypeRef(arg.type) })),
    directives: readDirectives(node, shift),
    recursive: false,
  };
}

function readTypeRef(node: TypeNode): { typeName: string; list: boolean; nonNull: boolean } {
  const nonNull = node.kind === Kind.NON_NULL_TYPE;
  let list = false;
  let current: TypeNode = node;
  while (current.kind !== Kind.NAMED_TYPE) {
    if (current.kind === Kind.LIST_TYPE) list = true;
    current = current.type;
  }
  return { typeName: current.name.value, list, nonNull };
}

function readDirectives(node: { readonly directives?: TypeNodes['directives'] }, shift: number): GraphqlDirective[] {
  return (node.directives ?? []).map(directive => ({
    ...spanOf(directive, shift),
    name: directive.name.value,
    args: (directive.arguments ?? []).map(argument => ({ name: argument.name.value, text: print(argument.value) })),
  }));
}

function markRecursion(types: readonly GraphqlType[]): GraphqlType[] {
  const edges = new Map<string, string[]>();
  for (const { type, name, fields, members } of types) {
    if (type !== 'object' && type !== 'interface' && type !== 'union') continue;
    const targets = type === 'union' ? members.map(member => member.value) : fields.map(field => field.typeName);
    edges.set(name.value, [...(edges.get(name.value) ?? []), ...targets]);
  }
  const isRecursive = recursiveEdges(edges);
  return types.map(type => ({
    ...type,
    fields: type.fields.map(field => ({ ...field, recursive: isRecursive(type.name.value, field.typeName) })),
  }));
}

function nameOf(node: NameNode, shift: number): Located {
  return { value: node.value, ...spanOf(node, shift) };
}

function spanOf(
  node: { readonly loc?: { readonly start: number; readonly end: number } | undefined },
  shift: number,
): { start: number; end: number } {
  return { start: (node.loc?.start ?? 0) + shift, end: (node.loc?.end ?? 0) + shift };
}
