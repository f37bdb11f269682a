import { blocksOf, eachExpr, exprsOf } from '../../link/env.ts';
import type { Model, Reached } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { FileUnit } from '../../link/values.ts';
import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import { functionsWithin } from '../data/transactions.ts';
import { namesOf } from '../loops.ts';
import { type BrokenHabit, grouped, isHabit, mayShowHabit, routeOf, SHOWN } from './habits.ts';

const WRITES = new Set<unknown>(['create', 'update', 'delete', 'upsert']);
const MARK = /^transaction(?:al)?$/i;
/** Parameters that may bring a transaction along. */
const HANDED_OVER =
  /^_?(?:tx|trx|tr?ans(?:action)?|session|manager|entity_?manager|em|query_?runner|client|conn(?:ection)?|db|prisma|knex|executor)$|transaction/i;

interface Writer {
  readonly func: Reached;
  readonly writes: readonly Operation[];
}

/** Functions that write twice in a row, in services that do so in transactions nearly everywhere. */
export function brokenTransactions(model: Model): BrokenHabit[] {
  const transactions = model.operations('transaction');
  if (!mayShowHabit(transactions.length) || transactions.some(({ is }) => is['ambient'])) return [];
  const opened = grouped(transactions, ({ fn }) => fn);
  const covered = new Set(transactions.flatMap(one => functionsWithin(model, one)));
  const groups = new Map<string, { followers: Operation[]; others: Writer[] }>();
  const groupOf = ({ file, is }: Operation): { followers: Operation[]; others: Writer[] } => {
    const key = `${model.project.packageOf(file)?.folder ?? ''} ${is['orm']}`;
    const known = groups.get(key) ?? { followers: [], others: [] };
    groups.set(key, known);
    return known;
  };
  const byFunction = grouped(
    model.operations('db', 'sql').filter(({ is }) => WRITES.has(is['action']) && !is['fragment']),
    ({ fn }) => fn,
  );
  for (const [fn, [transaction]] of opened) {
    if (!transaction || !model.reached.has(fn)) continue;
    const within = new Set([fn, ...functionsWithin(model, transaction)]);
    const count = [...within].reduce((sum, one) => sum + (byFunction.get(one)?.length ?? 0), 0);
    if (count > 1) groupOf(transaction).followers.push(transaction);
  }
  for (const [fn, writes] of byFunction) {
    const func = model.reached.get(fn);
    const { unit } = writes[0]!.site.env;
    if (!func || writes.length < 2 || covered.has(fn) || writes.some(({ is }) => is['tx'])) continue;
    if (mayBeInOne(unit, fn, opened)) continue;
    groupOf(writes[0]!).others.push({ func, writes });
  }
  return [...groups.values()].flatMap(({ followers, others }) =>
    isHabit(followers.length, others.length)
      ? others.flatMap(one => broken(one, followers, followers.length + others.length))
      : [],
  );
}

function broken(
  { func: { func, depth, endpoints }, writes }: Writer,
  followers: readonly Operation[],
  all: number,
): BrokenHabit[] {
  const pair = writesInARow(func.fn.body, writes);
  const [first] = endpoints;
  const subject = func.fn.name !== '' ? `\`${func.fn.name}\`` : depth === 0 && first ? routeOf(first) : undefined;
  if (!pair || subject === undefined) return [];
  return [
    {
      how: 'transaction',
      span: pair[1].span,
      subject,
      kind: 'functions that write more than once',
      name: '',
      followers: [
        { span: pair[0].span, message: 'this stays when the second write fails' },
        ...followers.slice(0, SHOWN - 1).map(({ span }) => ({ span, message: 'here the writes are one transaction' })),
      ],
      count: followers.length,
      all,
    },
  ];
}

/** A transaction is opened around the function, or may come to it from a decorator or a parameter. */
function mayBeInOne({ facts }: FileUnit, fn: FunctionFact, opened: ReadonlyMap<FunctionFact, unknown>): boolean {
  for (let at: FunctionFact | undefined = fn; at && at.id !== 0; at = facts.functions[at.parent]) {
    if (opened.has(at) || at.params.some(({ pat }) => namesOf(pat).some(name => HANDED_OVER.test(name)))) return true;
    const { id } = at;
    const member = facts.classes[at.cls ?? -1]?.members.find(one => one.f === id);
    if (member?.decorators?.some(({ e }) => MARK.test(nameOf(e)))) return true;
  }
  return false;
}

function nameOf(e: Expr): string {
  if (e.k === 'call') return nameOf(e.f);
  return e.k === 'id' || e.k === 'mem' ? e.n : '';
}

/** Two writes that one block waits for, with nothing between them but other statements of the database. */
function writesInARow(
  body: readonly Stmt[],
  writes: readonly Operation[],
): readonly [Operation, Operation] | undefined {
  let last: Operation | undefined;
  for (const stmt of body) {
    const awaited = awaitsIn(stmt);
    const own = writes.filter(({ site, end }) => end === 'awaited' && awaited.some(one => holds(one, site.call)));
    if (last && own[0]) return [last, own[0]];
    if (own.length > 0) last = own.at(-1);
    else if (
      awaited.length > 0 ||
      blocksOf(stmt).some(block => block.some(one => one.k !== 'throw' && one.k !== 'ret'))
    )
      last = undefined;
    for (const block of blocksOf(stmt)) {
      const inner = writesInARow(block, writes);
      if (inner) return inner;
    }
  }
  return undefined;
}

function awaitsIn(stmt: Stmt): Expr[] {
  const out: Expr[] = [];
  for (const e of exprsOf(stmt))
    eachExpr(e, one => {
      if (one.k === 'await') out.push(one);
    });
  return out;
}

function holds(e: Expr, call: Expr): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one === call) found = true;
  });
  return found;
}
