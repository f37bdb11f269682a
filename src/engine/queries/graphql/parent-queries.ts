import { calleesOf, callsIn, operationsOf } from '../../link/call-index.ts';
import { eachExpr, eachExprIn, eachStmt, innerFunctions } from '../../link/env.ts';
import { type TypeField, typeFieldsOf } from '../../link/graphql-types.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { FuncValue } from '../../link/values.ts';
import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { derivedNames, mentions, namesOf } from '../loops.ts';
import { listTypes } from './list-types.ts';

/** A field of a GraphQL type that asks a database or a service once for every object of the type in an answer. */
export interface ParentQuery {
  readonly field: TypeField;
  readonly operation: Operation;
  /** A place that gives a list of the type. */
  readonly list: Span;
}

const READS = new Set(['read-one', 'read-many', 'count']);
/** Calls between the resolver and the query. */
const DEPTH = 2;

/** Queries keyed by the parent object, in resolvers of types that come in lists. */
export function parentQueries(model: Model): ParentQuery[] {
  if (model.fields.length === 0) return [];
  const fields = typeFieldsOf(model.program);
  if (fields.length === 0) return [];
  const lists = listTypes(model);
  const seen = new Set<FunctionFact>();
  return fields.flatMap(field => {
    const { func, type, parent } = field;
    const list = type === undefined ? undefined : lists.get(type);
    const pattern = func.fn.params[parent]?.pat;
    if (!list || !pattern || seen.has(func.fn) || !model.isJudged(func.file)) return [];
    seen.add(func.fn);
    const names = namesOf(pattern);
    if (isSpared(func.fn, field.name, names) || isForTheCaller(func.fn, names)) return [];
    const operation = queryOf(model, func, names, DEPTH, new Set());
    return operation ? [{ field, operation, list }] : [];
  });
}

/** What the parent already holds, or a loader, a cache or the query's own selection gives, is not asked for again. */
function isSpared(fn: FunctionFact, name: string, parent: readonly string[]): boolean {
  let found = parent.includes(name);
  eachExprIn(fn, e => {
    if (e.k === 'mem' && e.n === name && e.o.k === 'id' && parent.includes(e.o.n)) found = true;
    if ((e.k === 'mem' || e.k === 'id') && /loaders?$|^(?:load|loadMany|memoi[sz]e|cached?)$|cache$/i.test(e.n))
      found = true;
  });
  return found;
}

/** `if (user.id !== caller.id) return []`: of a whole list only the caller's own object gets as far as the query. */
function isForTheCaller(fn: FunctionFact, parent: readonly string[]): boolean {
  const others = fn.params.flatMap(({ pat }) => namesOf(pat)).filter(name => !parent.includes(name));
  const isOf = (names: readonly string[], e: Expr): boolean => {
    let at = e;
    while (at.k === 'mem' || at.k === 'as') at = at.k === 'mem' ? at.o : at.e;
    return e.k === 'mem' && at.k === 'id' && names.includes(at.n);
  };
  let found = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'if' || stmt.t.k !== 'bin' || !/^!==?$/.test(stmt.t.op) || !leaves(stmt.a.at(-1))) return;
    const { l, r } = stmt.t;
    if ((isOf(parent, l) && isOf(others, r)) || (isOf(parent, r) && isOf(others, l))) found = true;
  });
  return found;
}

/** Ends the resolver: by a return, a throw, or a helper whose name says that it throws. */
function leaves(stmt: Stmt | undefined): boolean {
  if (stmt?.k === 'ret' || stmt?.k === 'throw') return true;
  return stmt?.k === 'expr' && stmt.e.k === 'call' && stmt.e.f.k === 'id' && /^(?:throw|fail|abort)/i.test(stmt.e.f.n);
}

function queryOf(
  model: Model,
  func: FuncValue,
  names: readonly string[],
  depth: number,
  seen: Set<FunctionFact>,
): Operation | undefined {
  const { program } = model;
  const unit = program.units.get(func.file);
  if (!unit || seen.has(func.fn)) return undefined;
  seen.add(func.fn);
  const known = derivedNames(names, func.fn.body);
  const own = operationsOf(program, unit).find(one => one.fn === func.fn && asks(one, known));
  if (own) return own;
  const env = staticEnvOf(program, func);
  for (const { call } of callsIn(func.fn)) {
    if (depth === 0 || !call.a.some(arg => mentions(arg, known))) continue;
    for (const callee of calleesOf(program, env, call)) {
      if (callee.fn.parent === func.fn.id) continue;
      const given = callee.fn.params.flatMap(({ pat }, at) => {
        const arg = call.a[at];
        return arg && mentions(arg, known) ? namesOf(pat) : [];
      });
      if (given.length === 0 || isSpared(callee.fn, '', given)) continue;
      const found = queryOf(model, callee, given, depth - 1, seen);
      if (found) return found;
    }
  }
  for (const fn of innerFunctions(unit.facts, func.fn)) {
    const found = queryOf(
      model,
      { ...func, fn, env: program.staticEnv(unit, fn).parent ?? env },
      [...known],
      depth,
      seen,
    );
    if (found) return found;
  }
  return undefined;
}

/** A read whose key comes from the parent, and which the library does not join with those of its siblings. */
function asks({ kind, is, args, site }: Operation, names: ReadonlySet<string>): boolean {
  if (kind === 'http-request') return site.call.a.some(arg => mentions(arg, names));
  if (kind !== 'db' && kind !== 'sql') return false;
  if (!READS.has(String(is['action'])) || is['fragment'] || is['embedded'] || is['batched']) return false;
  return [args['where'], args['options'], args['values'], args['text']].some(
    arg => arg !== undefined && mentions(arg.expr, names) && !isMany(arg.expr),
  );
}

/** `{ in: ids }`: one query for many already. */
function isMany(e: Expr): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'obj' && one.props.some(prop => prop.k === 'prop' && (prop.n === 'in' || prop.n === '$in')))
      found = true;
  });
  return found;
}
