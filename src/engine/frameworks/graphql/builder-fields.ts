import type { ChainLink } from '../../link/endpoint.ts';
import { typeFieldsOf } from '../../link/graphql-types.ts';
import { classify } from '../../link/guards.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject, RouteVerdict } from '../../link/router.ts';
import { alternatives, type ObjectValue, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { readResolver } from './resolve.ts';
import { addField, type FieldKind, giveResolverParams, spanOf } from './schema.ts';

/** A field whose resolver stands in the options of a builder's call. */
export interface BuiltField {
  readonly kind: FieldKind | undefined;
  /** The type it belongs to where it is no root field. */
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly options: Value | undefined;
  readonly span: Span;
  /** Position of the parent among the resolver's parameters. */
  readonly parentAt: number;
  /** Options that hold authorization for all fields of the type. */
  readonly outer?: Value | undefined;
}

/** Names of the option that says who may read a field. */
const GUARDS = ['authScopes', 'authorize', 'authz'];

export function addBuilt(program: Program, schema: RouterObject, field: BuiltField): void {
  const { kind, name, options, span, parentAt } = field;
  const own = objectIn(options);
  const resolver = own?.props.get('subscribe') ?? own?.props.get('resolve');
  const { handlers, func, partial } = readResolver(program, resolver ?? { k: 'unknown' }, parentAt);
  if (!kind) {
    if (func && name !== undefined)
      typeFieldsOf(program).push({ type: field.type, name, func, parent: parentAt, span: spanOf(func) });
    return;
  }
  for (const guard of [own, objectIn(field.outer)].flatMap(guardsOf)) giveGuardParams(program, guard);
  const judge = (): RouteVerdict => ({ steps: stepsOf(program, field, own) });
  addField(schema, { kind, name, handlers, span, partial: own ? partial : 'its options could not be resolved', judge });
}

function stepsOf(program: Program, { outer, span }: BuiltField, own: ObjectValue | undefined): ChainLink[] {
  const skips = own?.props.get('skipTypeScopes');
  const outside = skips && !(skips.k === 'const' && skips.v === false) ? undefined : objectIn(outer);
  return [outside, own].flatMap((options, at) =>
    guardsOf(options).map(value => {
      const via = at === 0 ? 'authorization of the type' : 'authorization of the field';
      return { value, roles: rolesOf(program, value), span, via, why: 'asks who is calling', evidence: [] };
    }),
  );
}

/** Scopes that are named are checked; a function must look at the caller. */
function rolesOf(program: Program, value: Value): ChainLink['roles'] {
  if (value.k === 'object') {
    const names = [...value.props.keys()];
    return names.length === 0 || names.every(name => /^(?:public|everyone|anyone)$/i.test(name))
      ? ['neutral']
      : ['authenticates'];
  }
  if (value.k === 'const') return [value.v === true ? 'neutral' : 'authenticates'];
  if (value.k !== 'func') return classify(program, value).roles;
  const returned = program.returns(value, []);
  if (alternatives(returned).some(one => one.k === 'object' && one.props.size > 0)) return ['authenticates'];
  return returned.k === 'const' && returned.v === true ? ['neutral'] : ['authenticates'];
}

function giveGuardParams(program: Program, value: Value): void {
  if (value.k === 'func') giveResolverParams(program, value);
}

function guardsOf(options: ObjectValue | undefined): Value[] {
  return GUARDS.flatMap(name => options?.props.get(name) ?? []);
}

export function objectIn(value: Value | undefined): ObjectValue | undefined {
  return alternatives(value ?? { k: 'unknown' }).find(one => one.k === 'object');
}
