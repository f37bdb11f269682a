import type { Model } from '../../link/model.ts';
import type { Expr, ExprOf, Pattern } from '../../model/facts.ts';
import type { ParentQuery } from './parent-queries.ts';

/** A query of a field resolver for the rows that hold one property of the parent object. */
export interface ParentKey {
  readonly call: ExprOf<'call'>;
  /** `prisma.user`, written with a client of the module's own. */
  readonly table: Expr;
  readonly model: string;
  /** The column that is compared, and the expression of the resolver it is compared with. */
  readonly column: string;
  readonly key: Expr;
  readonly options: ExprOf<'obj'>;
  readonly where: Expr;
  /** It gives all rows with the key, rather than the one. */
  readonly isMany: boolean;
  /** What the schema says of the column, in the words of the language. */
  readonly type: 'string' | 'number' | 'bigint' | undefined;
  /** Every parent has the key. */
  readonly isAlways: boolean;
}

const TYPES: Readonly<Record<string, ParentKey['type']>> = { String: 'string', Int: 'number', BigInt: 'bigint' };

/** The key of a parent's query, if nothing but the key differs between the parents of one answer. */
export function parentKey(model: Model, { field, operation }: ParentQuery): ParentKey | undefined {
  const { fn, is, site, chain } = operation;
  const { call } = site;
  if (fn !== field.func.fn || is['orm'] !== 'prisma' || is['tx'] || chain.length > 0) return undefined;
  const name = is['model'];
  if (call.f.k !== 'mem' || call.a.length !== 1 || typeof name !== 'string') return undefined;
  const isMany = call.f.n === 'findMany';
  const [options] = call.a;
  if ((!isMany && call.f.n !== 'findFirst') || options?.k !== 'obj') return undefined;
  const asked = options.props.find(one => one.k === 'prop' && one.n === 'where');
  const where = asked?.k === 'prop' && !asked.short ? asked.v : undefined;
  const rest = options.props.filter(one => one !== asked);
  if (where?.k !== 'obj' || rest.some(one => one.k !== 'prop' || !ALIKE.has(one.n) || !isFixed(one.v)))
    return undefined;
  const [only, more] = where.props;
  const pattern = fn.params[field.parent]?.pat;
  if (only?.k !== 'prop' || more || !pattern || (!isMany && only.n !== 'id')) return undefined;
  const property = propertyOf(pattern, only.v);
  if (property === undefined || !isFixed(call.f.o)) return undefined;
  const type = columnOf(model, name, only.n)?.type.value;
  const own = field.type === undefined ? undefined : columnOf(model, field.type, property);
  return {
    call,
    table: call.f.o,
    model: name,
    column: only.n,
    key: only.v,
    options,
    where,
    isMany,
    type: type == null ? undefined : TYPES[type],
    isAlways: property === 'id' || own?.optional === false,
  };
}

/** What says the same for all keys of one query. */
const ALIKE = new Set(['include', 'orderBy']);

/** Whether an expression needs nothing of the resolver's call. */
function isFixed(e: Expr): boolean {
  if (e.k === 'mem') return isFixed(e.o);
  if (e.k === 'obj') return e.props.every(one => one.k === 'prop' && isFixed(one.v));
  if (e.k === 'arr') return e.e.every(isFixed);
  return e.k === 'str' || e.k === 'num' || e.k === 'bool' || (e.k === 'id' && e.s === 0);
}

/** The parent's property that an expression reads: `post.authorId`, or `authorId` of `({ authorId }) =>`. */
function propertyOf(pattern: Pattern, e: Expr): string | undefined {
  if (pattern.k === 'pid') return e.k === 'mem' && !e.opt && e.o.k === 'id' && e.o.n === pattern.n ? e.n : undefined;
  if (pattern.k !== 'pobj' || e.k !== 'id') return undefined;
  const taken = pattern.props.find(({ v, d }) => !d && v.k === 'pid' && v.n === e.n);
  return typeof taken?.key === 'string' ? taken.key : undefined;
}

function columnOf({ project }: Model, model: string, column: string) {
  for (const { facts } of project.artefactsOf('prisma'))
    for (const { name, fields } of facts.models)
      if (name.value?.toLowerCase() === model.toLowerCase()) return fields.find(one => one.name.value === column);
  return undefined;
}
