import { calleesOf, callsIn } from '../../link/call-index.ts';
import { innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type ApiValue, alternatives, type FuncValue } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import { mentions, namesOf } from '../loops.ts';

const DEPTH = 2;

/** A data access that a transaction's callback runs on the client outside of the transaction. */
export interface Escape {
  readonly transaction: Operation;
  readonly operation: Operation;
  /** Calls between the callback and the access. */
  readonly depth: number;
  readonly callback: FuncValue;
}

export function transactionEscapes(model: Model): readonly Escape[] {
  const all = model.operations('transaction');
  const ambient = new Set(all.filter(one => one.is['ambient']).map(one => one.is['orm']));
  const byFunction = new Map<FunctionFact, Operation[]>();
  for (const operation of model.operations('db', 'sql')) {
    if (operation.is['fragment'] || operation.is['tx']) continue;
    const list = byFunction.get(operation.fn);
    if (list) list.push(operation);
    else byFunction.set(operation.fn, [operation]);
  }
  const clients = new Set<object>(model.operations('db-client').map(one => one.site.call));
  const out: Escape[] = [];
  for (const transaction of all) {
    if (ambient.has(transaction.is['orm']) || ambient.has('*')) continue;
    for (const callback of callbacksOf(transaction)) {
      for (const { fn, depth } of within(model, callback)) {
        for (const operation of byFunction.get(fn) ?? [])
          if (
            !isOnGiven(operation, callback) &&
            isSameClient(model, clients, transaction, operation) &&
            !(depth > 0 && isApart(model, operation))
          )
            out.push({ transaction, operation, depth, callback });
      }
    }
  }
  return out;
}

/** The functions that run inside of a transaction, as far as its callback is known. */
export function functionsWithin(model: Model, transaction: Operation): FunctionFact[] {
  return callbacksOf(transaction).flatMap(callback => within(model, callback).map(({ fn }) => fn));
}

function callbacksOf({ args }: Operation): FuncValue[] {
  return alternatives(args['callback']?.value ?? { k: 'unknown' }).filter(one => one.k === 'func');
}

/** The callback, what is written in it, and the project functions it calls. */
function within({ program }: Model, callback: FuncValue): { fn: FunctionFact; depth: number }[] {
  const out: { fn: FunctionFact; depth: number }[] = [];
  const seen = new Set<FunctionFact>();
  const queue: [FuncValue, number][] = [[callback, 0]];
  for (let at = 0; at < queue.length; at++) {
    const [func, depth] = queue[at]!;
    if (seen.has(func.fn)) continue;
    seen.add(func.fn);
    out.push({ fn: func.fn, depth });
    const env = staticEnvOf(program, func);
    for (const inner of innerFunctions(env.unit.facts, func.fn)) queue.push([{ ...func, fn: inner, env }, depth]);
    if (depth >= DEPTH) continue;
    for (const { call, end } of callsIn(func.fn)) {
      // What nobody waits for is no part of the transaction: mails, logs.
      if (end === 'dropped' || end === 'voided') continue;
      for (const callee of calleesOf(program, env, call)) queue.push([callee, depth + 1]);
    }
  }
  return out;
}

/** `manager.getRepository(User).delete(…)`, whatever type `manager` is declared with: it is what the transaction gave. */
function isOnGiven({ site }: Operation, { fn }: FuncValue): boolean {
  let root = site.call.f;
  while (root.k === 'mem' || root.k === 'call') root = root.k === 'mem' ? root.o : root.f;
  return root.k === 'id' && root.s === fn.id && fn.params.some(({ pat }) => namesOf(pat).includes(root.n));
}

/** On the transaction after all, or beside it on purpose. */
function isApart(model: Model, operation: Operation): boolean {
  return operation.end === 'dropped' || operation.end === 'voided' || isHandedOver(model, operation);
}

/** `const client = given ?? this.client`: where the caller hands a transaction over, it is that one. */
function isHandedOver({ program }: Model, { site, fn }: Operation): boolean {
  let root = site.call.f;
  while (root.k === 'mem' || root.k === 'call') root = root.k === 'mem' ? root.o : root.f;
  if (root.k !== 'id') return false;
  const { expr } = definition(program, { env: site.env, expr: root });
  const given = new Set(fn.params.flatMap(({ pat }) => namesOf(pat)));
  return given.has(root.n) || (['cond', 'log', 'call'].includes(expr.k) && mentions(expr, given));
}

/** One library, and not two clients that are known to be made by different calls. */
function isSameClient(
  { program }: Model,
  clients: ReadonlySet<object>,
  transaction: Operation,
  operation: Operation,
): boolean {
  if (transaction.is['orm'] !== operation.is['orm']) return false;
  const a = makerOf(program, clients, transaction);
  const b = makerOf(program, clients, operation);
  return !a || !b || a === b;
}

/** The call that made the client an operation runs on. */
function makerOf(program: Model['program'], clients: ReadonlySet<object>, { site }: Operation): object | undefined {
  let root: ApiValue | undefined = alternatives(evaluate(program, site.env, site.call.f)).find(one => one.k === 'api');
  for (; root; root = root.from) if (root.made && clients.has(root.made.call)) return root.made.call;
  return undefined;
}
