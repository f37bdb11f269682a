import { callsIn } from '../../link/call-index.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { alternatives } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';

/** A route that answers with as many rows as there are, or as the caller asks for. */
export interface UnboundedList {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  /** The limit as the caller sends it; undefined if there is none at all. */
  readonly asked: Expr | undefined;
}

const LISTS = new Set(['GET', 'QUERY']);
/** Calls between the handler and the query. */
const DEPTH = 2;
/** Tables that somebody fills by hand, or that settings make: they stay short. */
const SHORT =
  /role|permission|setting|config|categor|tag|countr|currenc|plan$|plans$|pricing|feature|flag|types?$|status|languag|locale|template|provider|menu|dict|region|cit(?:y|ies)|state|level|option|enum|kind|label|unit$|skill|faq|banner|theme|integration|scope|migration|version/i;

export function unboundedLists(model: Model): UnboundedList[] {
  const out: UnboundedList[] = [];
  for (const operation of model.operations('db')) {
    if (operation.is['action'] !== 'read-many' || operation.is['fragment'] || operation.is['embedded']) continue;
    const reached = model.reached.get(operation.fn);
    if (!reached || reached.depth > DEPTH) continue;
    const endpoint = reached.endpoints.find(one => LISTS.has(one.method) && one.partial === undefined);
    if (!endpoint) continue;
    const asked = askedLimit(model, operation);
    const isChecked = reached.endpoints.some(one => one.chain.some(({ roles }) => roles.includes('validates-query')));
    if (asked && !isChecked) out.push({ operation, endpoint, asked });
    else if (!asked && takesAll(operation) && isAnswer(operation)) out.push({ operation, endpoint, asked: undefined });
  }
  return out;
}

/** No limit, no condition beyond constants, and no table that is short by its name. */
function takesAll({ is, args, chain, site }: Operation): boolean {
  if (is['limited'] !== false || SHORT.test(tableOf(is, site.call.f))) return false;
  if (site.call.a.some(arg => arg.k !== 'obj' && arg.k !== 'id') || chain.some(one => BOUNDS.test(one.name)))
    return false;
  const where = args['where']?.expr;
  const options = site.call.a.at(-1);
  // What comes from elsewhere may hold anything.
  if (options && options.k !== 'obj' && !(options.k === 'id' && /^[A-Z]/.test(options.n))) return false;
  if (options?.k === 'obj' && options.props.some(one => one.k !== 'prop' || NARROWS.test(one.n))) return false;
  return !where || isConstant(where, 0);
}

const BOUNDS =
  /^(?:limit|take|first|skip|slice|cursor|stream|batchSize|paginate|groupBy|distinct|where|andWhere|eq|in|filter)$/;
const NARROWS = /^(?:take|limit|first|last|cursor|distinct|pagination|group|by)$/;

function tableOf(is: Operation['is'], callee: Expr): string {
  if (typeof is['model'] === 'string') return is['model'];
  const owner = callee.k === 'mem' ? callee.o : undefined;
  return owner?.k === 'id' || owner?.k === 'mem' ? owner.n.replace(/(?:Repo(?:sitory)?|Model|Entity)$/, '') : '';
}

/** `{ deletedAt: null, active: true }`: the same rows for every caller, and most of the table. */
function isConstant(e: Expr, depth: number): boolean {
  if (e.k === 'obj')
    return e.props.every(
      one =>
        one.k === 'prop' && (depth > 0 || !NARROWS.test(one.n)) && (KEEPS.has(one.n) || isConstant(one.v, depth + 1)),
    );
  return e.k === 'bool' || e.k === 'nil' || (e.k === 'num' && depth > 0);
}

/** Options that say how rows look or are sorted, not which they are. */
const KEEPS = new Set([
  'select',
  'include',
  'orderBy',
  'order',
  'relations',
  'attributes',
  'sort',
  'cache',
  'withDeleted',
]);

/** The rows are returned, or bound to a name that is: what counts or sums them up needs them all. */
function isAnswer({ fn, site, end }: Operation): boolean {
  if (end === 'returned') return true;
  let found = isSent(callsIn(fn), site.call);
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'ret' && stmt.e && contains(stmt.e, site.call)) found = true;
    if (stmt.k !== 'let' || stmt.pat.k !== 'pid' || !stmt.v || !contains(stmt.v, site.call)) return;
    const { n } = stmt.pat;
    eachStmt(fn.body, other => {
      if (other.k === 'ret' && other.e && isName(other.e, n)) found = true;
    });
    if (
      callsIn(fn).some(({ call }) => call.f.k === 'mem' && SENDS.test(call.f.n) && call.a.some(arg => isName(arg, n)))
    )
      found = true;
  });
  return found;
}

const SENDS = /^(?:json|send|render|success|ok)$/;

/** `res.json(await db.find())`. */
function isSent(calls: ReturnType<typeof callsIn>, query: Expr): boolean {
  return calls.some(
    ({ call }) => call.f.k === 'mem' && SENDS.test(call.f.n) && call.a.some(arg => contains(arg, query)),
  );
}

function contains(e: Expr, call: Expr): boolean {
  if (e === call) return true;
  if (e.k === 'await' || e.k === 'as') return contains(e.e, call);
  // The end of a fluent expression holds its beginning.
  return e.k === 'call' && e.f.k === 'mem' && contains(e.f.o, call);
}

/** The name itself, or an object that hands it on as it is. */
function isName(e: Expr, name: string): boolean {
  if (e.k === 'id') return e.n === name;
  if (e.k === 'as' || e.k === 'await') return isName(e.e, name);
  return e.k === 'obj' && e.props.some(one => one.k === 'prop' && one.v.k === 'id' && one.v.n === name);
}

/** The limit where it is what the caller sends, as it is or as a number. */
function askedLimit({ program }: Model, { args, chain, site }: Operation): Expr | undefined {
  const options = args['options']?.expr;
  const stated =
    options?.k === 'obj' ? options.props.find(one => one.k === 'prop' && /^(?:take|limit)$/.test(one.n)) : undefined;
  const chained = chain.find(({ name }) => name === 'limit' || name === 'take')?.call.a[0];
  const limit = stated?.k === 'prop' ? stated.v : chained;
  if (!limit) return undefined;
  const plain = unwrapped(limit);
  const isAsked = alternatives(evaluate(program, site.env, plain)).some(value => {
    const origin = requestOrigin(program, value);
    return (origin?.part === 'query' || origin?.part === 'body') && origin.names.length > 0;
  });
  return isAsked ? limit : undefined;
}

/** Through what only makes a number of it, or gives a default. */
function unwrapped(e: Expr): Expr {
  if (e.k === 'as') return unwrapped(e.e);
  if (e.k === 'un' && e.op === '+') return unwrapped(e.e);
  if (e.k === 'log' && e.op !== '&&') return unwrapped(e.l);
  if (e.k !== 'call' || !e.a[0]) return e;
  const { f } = e;
  const name = f.k === 'id' ? f.n : f.k === 'mem' ? f.n : '';
  return /^(?:Number|parseInt|parseFloat)$/.test(name) ? unwrapped(e.a[0]) : e;
}
