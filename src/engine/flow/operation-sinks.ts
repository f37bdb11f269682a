import type { Operation } from '../link/operations.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { AS_TEXT } from './kinds.ts';
import { OPERATION_SINKS } from './models/sinks.ts';
import { optionSinks } from './option-sinks.ts';
import { reach } from './reach.ts';
import { prove } from './state.ts';
import type { Taint } from './taint.ts';
import { evidence, type Walk } from './walk.ts';

/** Sinks among a call's arguments that an adapter told. */
export function operationSinks(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): void {
  for (const operation of walk.solver.operationsAt(e)) {
    if (operation.kind === 'db') recordSinks(walk, e, operation);
    optionSinks(walk, e, operation, args);
    for (const { kind, arg: name, when } of OPERATION_SINKS[operation.kind] ?? []) {
      const arg = operation.args[name];
      if (!arg || (when && !when(operation))) continue;
      const position = e.a.indexOf(arg.expr);
      reach(
        walk,
        e,
        kind,
        operation.callee,
        arg.expr,
        position === -1 ? flowOf(walk, arg.expr) : (args[position] ?? flowOf(walk, arg.expr)),
      );
    }
  }
}

/** Libraries whose filters read an object in a value's place as an operator. */
const OPERATOR_ORMS = new Set(['mongoose', 'mongodb', 'prisma']);

function recordSinks(walk: Walk, e: ExprOf<'call'>, operation: Operation): void {
  const { args, is, callee } = operation;
  const { where, data } = args;
  const orm = String(is['orm']);
  const isFilter = OPERATOR_ORMS.has(orm) && is['populate'] !== true && !/aggregate|distinct/.test(callee);
  const plain = is['byKey'] ? walk.solver.uniqueFields(operation) : undefined;
  if (where && isFilter && !(plain && isSingle(where.expr)))
    filterSinks(walk, e, callee, where.expr, orm, 0, plain ? { plain } : {});
  if (where && plain) proveKeys(walk, where.expr, plain);
  if (data && data.expr.k !== 'fn') reach(walk, e, 'record', callee, data.expr, flowOf(walk, data.expr));
}

/** A filter of one field: where a key is asked for, it is the key. */
function isSingle(filter: Expr): boolean {
  return filter.k === 'as'
    ? isSingle(filter.e)
    : filter.k === 'obj' && filter.props.length === 1 && filter.props[0]!.k === 'prop';
}

/** What was taken as a key is no object: the query would have thrown. Keys of several fields are objects of ours. */
function proveKeys(walk: Walk, filter: Expr, plain: ReadonlySet<string>): void {
  if (filter.k === 'as') proveKeys(walk, filter.e, plain);
  if (filter.k !== 'obj') return;
  const isOnly = isSingle(filter);
  for (const prop of filter.props) {
    if (prop.k !== 'prop') continue;
    const isKey = isOnly || plain.has(prop.n);
    const parts = prop.v.k === 'obj' && /_/.test(prop.n) ? prop.v.props.map(one => one.v) : isKey ? [prop.v] : [];
    for (const part of parts)
      for (const origin of flowOf(walk, part).own)
        prove(walk.state, origin, AS_TEXT, evidence(walk, part.p, 'taken as a key here'));
  }
}

/**
 * Each value of a filter: an object there is an operator, but not in the fields `plain`. `$eq` and lists compare objects
 * as they are.
 */
function filterSinks(
  walk: Walk,
  e: ExprOf<'call'>,
  callee: string,
  filter: Expr,
  orm: string,
  depth: number,
  { plain, ...known }: { readonly guessed?: true; readonly plain?: ReadonlySet<string> } = {},
): void {
  if (filter.k === 'as') {
    filterSinks(walk, e, callee, filter.e, orm, depth, { ...known, ...(plain ? { plain } : {}) });
    return;
  }
  if (filter.k !== 'obj') {
    const taint = flowOf(walk, filter);
    reach(walk, e, 'operator', callee, filter, taint, known);
    const code = taint.fields?.get('$where');
    if (code) reach(walk, e, 'code', callee, filter, code);
    return;
  }
  for (const prop of filter.props) {
    if (prop.k !== 'prop') {
      reach(walk, e, 'operator', callee, prop.v, flowOf(walk, prop.v), known);
    } else if (prop.n === '$where' || prop.n === '$expr') {
      reach(walk, e, 'code', callee, prop.v, flowOf(walk, prop.v));
    } else if (/^(?:\$and|\$or|\$nor|AND|OR|NOT)$/.test(prop.n) && depth < 3) {
      for (const part of prop.v.k === 'arr' ? prop.v.e : [prop.v])
        filterSinks(walk, e, callee, part, orm, depth + 1, known);
    } else if (!prop.n.startsWith('$') && prop.v.k !== 'obj' && !plain?.has(prop.n)) {
      reach(walk, e, 'operator', callee, prop.v, flowOf(walk, prop.v), known);
    }
  }
}

/** Methods of database handles, whoever made them. */
const RUNS_SQL = new Set(
  'query execute exec raw all get run each prepare unsafe none one oneOrNone many manyOrNone any result batch $queryRawUnsafe $executeRawUnsafe'.split(
    ' ',
  ),
);

/** Methods of documents that take an XPath. */
const EVALUATES = new Set(['evaluate', 'selectNodes', 'selectSingleNode', 'select1']);

const FINDS = /^(?:find|findOne)(?:AndUpdate|AndDelete|AndReplace|AndRemove)?$|^(?:update|delete|replace)(?:One|Many)$/;

/** `User.findOne({ email: req.body.email })`, where nothing says what `User` is. */
function guessedFilter(walk: Walk, e: ExprOf<'call'>, name: string, filter: Expr): void {
  if (e.f.k !== 'mem' || e.f.o.k !== 'id' || !/^[A-Z][a-z]/.test(e.f.o.n) || !FINDS.test(name) || filter.k === 'fn')
    return;
  if (filter.k === 'obj' && filter.props.some(prop => prop.k !== 'prop' || prop.n === 'where')) return;
  filterSinks(walk, e, name, filter, 'mongodb', 0, { guessed: true });
}

/** A call of something that nobody told about: its name and the text it gets show what it does. */
export function guessedSinks(walk: Walk, e: ExprOf<'call'>, name: string, args: readonly Taint[]): void {
  const [first] = e.a;
  if (first && args[0] && EVALUATES.has(name)) reach(walk, e, 'xpath', name, first, args[0], { guessed: true });
  if (first && args[0] && RUNS_SQL.has(name)) reach(walk, e, 'sql', name, first, args[0], { guessed: true });
  if (first) guessedFilter(walk, e, name, first);
}
