import type { OperationCall, OperationDraft, OperationReader } from '../../link/operations.ts';
import type { ApiValue, Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import { optionOf } from './options.ts';

/** What libraries that talk to databases have in common. */

export type Action = 'read-one' | 'read-many' | 'create' | 'update' | 'delete' | 'upsert' | 'count';

/** Whether an object literal states one of the properties; undefined if that cannot be seen. */
export function states(e: Expr | undefined, ...names: readonly string[]): boolean | undefined {
  if (!e) return false;
  if (e.k !== 'obj') return undefined;
  if (e.props.some(prop => prop.k === 'prop' && names.includes(prop.n))) return true;
  return e.props.some(prop => prop.k !== 'prop') ? undefined : false;
}

/** Methods of a builder that give the builder again. */
export function fluent(type: string, methods: string): Record<string, string> {
  return Object.fromEntries(words(methods).map(method => [`${type}#${method}()`, type]));
}

/** The same reader for several members of a type. */
export function membersOf(type: string, methods: string, read: OperationReader): Record<string, OperationReader> {
  return Object.fromEntries(words(methods).map(method => [`${type}#${method}`, read]));
}

/** Readers for members named by what they do: `{ 'read-one': 'findOne findById' }`. */
export function byAction(
  type: string,
  table: Readonly<Partial<Record<Action, string>>>,
  read: (action: Action) => OperationReader,
): Record<string, OperationReader> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([action, methods]) =>
      Object.entries(membersOf(type, methods, read(action as Action))),
    ),
  );
}

/** Whether a value was reached from a transaction's own client. */
export function isWithin(callee: ApiValue, transaction: RegExp): boolean {
  for (let at: ApiValue | undefined = callee; at; at = at.from) if (transaction.test(at.path)) return true;
  return false;
}

/** Arguments of a chained method, e.g. of `.where(…)`. */
export function chained(call: OperationCall, ...names: readonly string[]): readonly Expr[] {
  return call.chain.flatMap(one => (names.includes(one.name) ? one.call.a : []));
}

export function hasChained(call: OperationCall, ...names: readonly string[]): boolean {
  return call.chain.some(one => names.includes(one.name));
}

/** A call whose text argument is SQL, given as a string or as an object with a `text` or `sql` property. */
export function sqlCall(
  orm: string,
  call: OperationCall,
  is: OperationDraft['is'] = {},
  position = 0,
): OperationDraft | undefined {
  const given = call.arg(position);
  if (!given) return undefined;
  const text = optionOf(given, 'text') ?? optionOf(given, 'sql') ?? given;
  const values = optionOf(given, 'values') ?? call.arg(position + 1);
  return {
    kind: 'sql',
    args: { text, values: values?.k === 'fn' ? undefined : values },
    is: { orm, action: sqlAction(text, call.value(position)), ...is },
  };
}

/** What a statement does, by its first word. */
function sqlAction(text: Expr, value: Value | undefined): Action | undefined {
  const head = headOf(text) ?? headOfValue(value);
  const word = head && /^\s*(?:\/\*.*?\*\/\s*)?(\w+)/.exec(head)?.[1]?.toLowerCase();
  return word ? SQL_ACTIONS[word] : undefined;
}

const SQL_ACTIONS: Readonly<Record<string, Action>> = {
  select: 'read-many',
  insert: 'create',
  replace: 'upsert',
  update: 'update',
  delete: 'delete',
};

function headOf(e: Expr): string | undefined {
  if (e.k === 'str') return e.v;
  if (e.k === 'tpl') return typeof e.parts[0] === 'string' ? e.parts[0] : undefined;
  return e.k === 'bin' ? headOf(e.l) : undefined;
}

function headOfValue(value: Value | undefined): string | undefined {
  if (value?.k === 'const' && typeof value.v === 'string') return value.v;
  return value?.k === 'template' && typeof value.parts[0] === 'string' ? value.parts[0] : undefined;
}

export function words(text: string): string[] {
  return text.split(' ');
}
