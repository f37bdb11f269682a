import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject, type RouteVerdict } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { api, constant, type FuncValue, UNKNOWN, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';

export type FieldKind = 'QUERY' | 'MUTATION' | 'SUBSCRIPTION';

/** Root types by their usual names. */
export const ROOT_KINDS: ReadonlyMap<string, FieldKind> = new Map([
  ['Query', 'QUERY'],
  ['Mutation', 'MUTATION'],
  ['Subscription', 'SUBSCRIPTION'],
]);

/** API types of a resolver's arguments and of the context it shares with all others of a request. */
export const ARGS = 'graphql.Args';
export const CONTEXT = 'graphql.Context';

/** A schema is a router whose routes are root fields: what is attached to it stands before each of them. */
export function newSchema(program: Program, framework: string, span: Span): RouterObject {
  const schema = createRouter(framework, span, { app: true, order: 'scoped', protocol: 'graphql' });
  program.routers.push(schema);
  return schema;
}

export interface RootField {
  readonly kind: FieldKind;
  /** Undefined where the name is computed. */
  readonly name: string | undefined;
  /** Guards first, the resolver last. */
  readonly handlers: readonly Value[];
  readonly span: Span;
  readonly partial?: string | undefined;
  /** Paths of its arguments that cannot hold any text, as its schema says. */
  readonly plain?: readonly string[] | undefined;
  readonly judge?: (() => RouteVerdict) | undefined;
}

export function addField(schema: RouterObject, { kind, name, handlers, span, partial, plain, judge }: RootField): void {
  schema.entries.push({
    k: 'route',
    methods: [kind],
    path: name === undefined ? UNKNOWN : constant(name),
    handlers,
    span,
    conditional: false,
    ...(partial === undefined ? {} : { partial }),
    ...(plain && plain.length > 0 ? { plain } : {}),
    ...(judge ? { judge } : {}),
  });
}

/** `(parent, args, context, info)`, from the given position on. */
export function giveResolverParams(program: Program, resolver: Value, parentAt = 0): void {
  const before = Array.from({ length: parentAt + 1 }, () => UNKNOWN);
  program.giveParams(resolver, [...before, api(ARGS, true), api(CONTEXT, true)]);
}

export function spanOf({ file, fn }: FuncValue): Span {
  return spanAt(file, fn.np);
}
