import { eachStmt } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import { definition, type Place } from '../link/literals.ts';
import type { Operation } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import { staticEnvOf } from '../link/signals.ts';
import type { Expr, ExprOf } from '../model/facts.ts';

/** A column of a record with the value it is asked for, or written with. */
export interface Column {
  readonly name: string;
  readonly value: Place;
  /** Written as `{ name }`. */
  readonly short?: true;
}

export interface Conditions {
  readonly columns: readonly Column[];
  /** Something in it was not understood: there may be more of them. */
  readonly open: boolean;
}

const NONE: Conditions = { columns: [], open: false };
const OPEN: Conditions = { columns: [], open: true };
const DEPTH = 5;

/** Columns that choose the records a query is about, those of its relations included. */
export function conditionsOf(program: Program, { args, is, callee }: Operation): Conditions {
  const { where } = args;
  if (!where) return NONE;
  const place = definition(program, where);
  // `findById(id)`, `findByPk(id)`, `delete(id)`: the key itself.
  const isKey =
    /\bfind(?:OneBy|By)(?:Id|Pk)\w*$|#findOneById$/i.test(callee) || (is['orm'] === 'typeorm' && isPlain(place.expr));
  if (isKey) return { columns: [{ name: 'id', value: place }], open: false };
  return read(program, place, 0);
}

/** Columns that a query writes. */
export function writtenColumns(program: Program, { args }: Operation): Conditions {
  return args['data'] ? read(program, definition(program, args['data']), 0) : NONE;
}

function isPlain({ k }: Expr): boolean {
  return k === 'id' || k === 'mem' || k === 'str' || k === 'num' || k === 'call';
}

function read(program: Program, { env, expr }: Place, depth: number): Conditions {
  if (depth > DEPTH) return OPEN;
  if (expr.k === 'obj') return joined(expr.props.map(prop => ofProperty(program, env, prop, depth)));
  if (expr.k === 'arr')
    return joined(expr.e.map(one => read(program, definition(program, { env, expr: one }), depth + 1)));
  return expr.k === 'call' ? ofCall(program, env, expr, depth) : OPEN;
}

const JOINS = /^(?:\$?and|\$?or|is|some|every|connect|\$(?:set|setOnInsert|inc|push|addToSet))$/i;
/** Operators that say how a column changes, or is compared. */
const OPERATES =
  /^(?:increment|decrement|multiply|divide|push|not|gte?|lte?|contains|startsWith|endsWith|\$(?:ne|gte?|lte?|exists|regex))$/;
const EQUALS = /^(?:\$?eq|equals|\$?in|set)$/;

function ofProperty(
  program: Program,
  env: Place['env'],
  prop: ExprOf<'obj'>['props'][number],
  depth: number,
): Conditions {
  if (prop.k === 'spread') return read(program, definition(program, { env, expr: prop.v }), depth + 1);
  if (prop.k === 'computed') return OPEN;
  const value = definition(program, { env, expr: prop.v });
  if (JOINS.test(prop.n)) return read(program, value, depth + 1);
  const short = prop.short ? { short: prop.short } : {};
  if (value.expr.k !== 'obj')
    return { columns: [{ name: prop.n, value: { env, expr: prop.v }, ...short }], open: false };
  const [only, ...others] = value.expr.props;
  if (only?.k === 'prop' && others.length === 0 && (EQUALS.test(only.n) || OPERATES.test(only.n)))
    return { columns: [{ name: prop.n, value: { env: value.env, expr: only.v } }], open: false };
  // A relation, several columns that are unique together, or an operator: its own columns count.
  const inner = read(program, value, depth + 1);
  return { columns: inner.columns.map(one => ({ ...one, name: qualified(prop.n, one.name) })), open: inner.open };
}

/** `user: { connect: { id } }` and `owner: { id }` are columns of this record that name another one. */
function qualified(relation: string, column: string): string {
  return /^_?id$/i.test(column) && !/^_?id_/i.test(relation) ? `${relation}Id` : column;
}

/** `and(eq(table.id, id), eq(table.userId, user.id))`. */
function ofBuilder(program: Program, env: Place['env'], { f, a }: ExprOf<'call'>, depth: number): Conditions {
  const name = f.k === 'id' || f.k === 'mem' ? f.n : '';
  const [column, value] = a;
  if (name === 'and' || name === 'or')
    return joined(a.map(one => read(program, definition(program, { env, expr: one }), depth + 1)));
  if (name !== 'eq' || column?.k !== 'mem' || !value) return OPEN;
  return { columns: [{ name: column.n, value: { env, expr: value } }], open: false };
}

/** What a function of the project puts together. */
function ofCall(program: Program, env: Place['env'], call: ExprOf<'call'>, depth: number): Conditions {
  const callee = evaluate(program, env, call.f);
  if (callee.k !== 'func') return ofBuilder(program, env, call, depth);
  const inner = staticEnvOf(program, callee);
  const all: Conditions[] = [];
  eachStmt(callee.fn.body, stmt => {
    if (stmt.k === 'ret' && stmt.e)
      all.push(read(program, definition(program, { env: inner, expr: stmt.e }), depth + 1));
  });
  return all.length > 0 ? joined(all) : OPEN;
}

function joined(all: readonly Conditions[]): Conditions {
  return { columns: all.flatMap(one => one.columns), open: all.some(one => one.open) };
}

/** What kind of record a query is about: the model an adapter names, else what the query is asked of. */
export function kindOf({ is, site }: Operation): string | undefined {
  if (typeof is['model'] === 'string') return plainName(is['model']);
  const { f } = site.call;
  const owner = f.k === 'mem' ? f.o : undefined;
  return owner?.k === 'id' || owner?.k === 'mem' ? plainName(owner.n) : undefined;
}

/** The same name whatever its case and plural. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_$]/g, '')
    .replace(/(?:model|repository|repo|collection|col|dao)$/, '')
    .replace(/s$/, '');
}
