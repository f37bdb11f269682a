import { evaluate } from '../../link/evaluate.ts';
import { typeFieldsOf } from '../../link/graphql-types.ts';
import { definition, optionPlace, type Place } from '../../link/literals.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import { alternatives, type ObjectValue, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { type LibraryCall, libraryCalls } from '../shared/library-calls.ts';
import { declaredArguments, typesByName } from './plain-arguments.ts';
import { readResolver } from './resolve.ts';
import { OPEN, propsOf, type ResolverMap, readResolvers } from './resolver-map.ts';
import { addField, type FieldKind, newSchema, ROOT_KINDS, spanOf } from './schema.ts';
import { type DeclaredField, declaredIn } from './type-defs.ts';

const PACKAGES =
  /^(?:@graphql-tools\/|graphql-tools|graphql-yoga|@graphql-yoga\/|@apollo\/|apollo-server|mercurius|@mercuriusjs\/|express-graphql|graphql-http|graphql-modules|@hono\/graphql-server)/;
const MAKERS = new Set([
  'makeExecutableSchema',
  'createSchema',
  'ApolloServer',
  'buildSubgraphSchema',
  'buildFederatedSchema',
  'createServer',
  'GraphQLServer',
  'createModule',
  'register',
  'graphqlHTTP',
  'createHandler',
  'graphqlServer',
  'createApplication',
]);

/** Schemas made of text and a map of resolvers, or of text and an object with a function for each root field. */
export function discoverMaps(program: Program): RouterObject[] {
  const isMaker = (path: string): boolean => PACKAGES.test(path) || path === '~router#register';
  return [...libraryCalls(program, PACKAGES, MAKERS, isMaker)].flatMap(found => schemaOf(program, found) ?? []);
}

function schemaOf(program: Program, { call, env, path, span }: LibraryCall): RouterObject | undefined {
  const expr = path === '~router#register' ? call.a[1] : call.a[0];
  if (!expr) return undefined;
  const options = evaluate(program, env, expr);
  const parts = partsOf(options);
  const rootValue = options.k === 'object' ? options.props.get('rootValue') : undefined;
  const resolvers = parts.map(part => part.props.get('resolvers')).filter(value => value !== undefined);
  if (resolvers.length === 0 && !rootValue) return undefined;
  const declared = textsOf(program, { expr, env }).flatMap(place => declaredIn(program, place));
  const schema = newSchema(program, frameworkOf(path), span);
  if (rootValue) addRootValue(program, schema, rootValue, declared, span);
  const map = readResolvers(program, { k: 'array', items: resolvers, open: false });
  addMap(program, schema, map, declared.length > 0 ? declared : declaredInFiles(program, span), span);
  return schema;
}

/** The options, or the list of modules, that hold text and resolvers. */
function partsOf(options: Value): readonly ObjectValue[] {
  if (options.k === 'array') return options.items.flatMap(partsOf);
  if (options.k !== 'object') return [];
  const inner = options.props.get('schema');
  const nested = inner?.k === 'object' && inner.props.has('resolvers') ? [inner] : [];
  return [options, ...nested];
}

function textsOf(program: Program, place: Place): Place[] {
  const at = definition(program, place);
  if (at.expr.k === 'arr') return at.expr.e.flatMap(expr => textsOf(program, { expr, env: at.env }));
  return ['typeDefs', 'schema'].flatMap(name => optionPlace(program, at, name) ?? []);
}

function frameworkOf(path: string): string {
  if (path === '~router#register') return 'mercurius';
  return /apollo/.test(path) ? 'apollo' : /yoga/.test(path) ? 'yoga' : 'graphql';
}

/** Root fields in the schema files of a package: which of several schemas they belong to is its own affair. */
function declaredInFiles(program: Program, { file }: Span): DeclaredField[] {
  const { project } = program;
  const folder = project.packageOf(file)?.folder ?? '';
  const files = project
    .artefactsOf('graphql-sdl')
    .filter(({ path }) => (project.packageOf(path)?.folder ?? '') === folder && project.roleOf(path) === 'source');
  const types = typesByName(files.flatMap(({ facts }) => facts.types));
  return files.flatMap(({ facts }) => {
    const roots: readonly (readonly [string, FieldKind])[] = [
      [facts.query, 'QUERY'],
      [facts.mutation, 'MUTATION'],
      [facts.subscription, 'SUBSCRIPTION'],
    ];
    return roots.flatMap(([type, kind]) =>
      facts.types
        .filter(one => one.name.value === type && one.type === 'object')
        .flatMap(one =>
          one.fields.map(field => ({
            kind,
            name: field.name.value,
            directives: namesOf(one, field),
            plain: declaredArguments(types, field),
          })),
        ),
    );
  });
}

function namesOf(...all: readonly { readonly directives: readonly { readonly name: string }[] }[]): string[] {
  return all.flatMap(one => one.directives.map(({ name }) => name));
}

function addMap(
  program: Program,
  schema: RouterObject,
  map: ResolverMap,
  declared: readonly DeclaredField[],
  span: Span,
): void {
  const fieldOf = (kind: FieldKind, name: string): DeclaredField | undefined =>
    declared.find(one => one.kind === kind && one.name === name);
  const seen = new Set<string>();
  for (const [type, fields] of map.types) {
    const kind = ROOT_KINDS.get(type);
    for (const [name, value] of fields) {
      if (name === OPEN) map.open = true;
      else if (kind) {
        seen.add(`${kind} ${name}`);
        addResolved(program, schema, kind, name, value, fieldOf(kind, name), span);
      } else noteTypeField(program, type, name, value);
    }
  }
  // Fields that the text declares and that a map which cannot be seen whole resolves.
  if (!map.open) return;
  for (const { kind, name } of declared) {
    if (seen.has(`${kind} ${name}`)) continue;
    addField(schema, { kind, name, handlers: [], span, partial: 'its resolver could not be found' });
  }
}

function addResolved(
  program: Program,
  schema: RouterObject,
  kind: FieldKind,
  name: string,
  value: Value,
  { directives = [], plain }: Partial<DeclaredField> = {},
  span: Span,
): void {
  const { handlers, func, partial } = readResolver(program, value);
  const at = func ? spanOf(func) : span;
  const judge = directives.some(one => MAY_GUARD.test(one))
    ? () => ({
        steps: [
          { value, roles: ['unknown' as const], span: at, via: 'directive', why: `@${directives[0]}`, evidence: [] },
        ],
      })
    : undefined;
  addField(schema, { kind, name, handlers, span: at, partial, plain, judge });
}

const MAY_GUARD =
  /auth|role|scope|permission|login|logged|admin|private|require|policy|access|guard|protect|member|user/i;

function noteTypeField(program: Program, type: string, name: string, value: Value): void {
  for (const one of alternatives(value)) {
    const { func } = readResolver(program, one);
    if (func && !name.startsWith('__')) typeFieldsOf(program).push({ type, name, func, parent: 0, span: spanOf(func) });
  }
}

/** `rootValue: { users: (args, context) => … }`: text says which root type a name belongs to. */
function addRootValue(
  program: Program,
  schema: RouterObject,
  root: Value,
  declared: readonly DeclaredField[],
  span: Span,
): void {
  const props = alternatives(root)
    .map(one => propsOf(program, one))
    .find(one => one !== undefined);
  for (const { kind, name } of declared) {
    const value = props?.get(name);
    // A root value's function lacks the parent: arguments come first.
    const { handlers, func, partial } = readResolver(program, value ?? { k: 'unknown' }, -1);
    addField(schema, { kind, name, handlers, span: func ? spanOf(func) : span, partial });
  }
}
