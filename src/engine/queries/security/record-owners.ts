import type { Endpoint } from '../../link/endpoint.ts';
import { perModel } from '../../link/kept/per-model.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { spanIn } from '../../link/values.ts';
import type { Evidence } from '../../model/finding.ts';
import { comparePlaces } from '../../model/span.ts';
import { callerChecks, guardsOf } from '../caller-checks.ts';
import { type Column, conditionsOf, kindOf, plainName, writtenColumns } from '../record-conditions.ts';
import { originsOf, type ValueOrigin } from '../value-origins.ts';

type Sent = Extract<ValueOrigin, { k: 'request' }>;

/** A record that whoever is signed in can reach by naming it, or its owner, in the request. */
export interface UnownedRecord {
  readonly operation: Operation;
  /** Of the owner that is sent, or of the key. */
  readonly column: Column;
  readonly sent: Sent;
  readonly endpoint: Endpoint;
  /** Where records of the kind are tied to whoever is calling. */
  readonly sibling: Sibling;
}

export interface Sibling {
  readonly operation: Operation;
  readonly column: string;
  /** The expression that says who is calling. */
  readonly caller: Extract<ValueOrigin, { k: 'caller' }>;
  /** What recognised that caller. */
  readonly guards: ReadonlySet<object | string>;
}

interface Use {
  readonly operation: Operation;
  readonly where: readonly Column[];
  readonly written: readonly Column[];
  readonly open: boolean;
}

export interface RecordOwners {
  /** Found by a key that was sent, while siblings ask for the owner as well. */
  readonly byKey: readonly UnownedRecord[];
  /** Their owner is what was sent. */
  readonly byOwner: readonly UnownedRecord[];
}

const KEY = /^_?(?:id|uuid|uid|pk)$/i;
/** Columns that say whose a record is. */
export const OWNER =
  /^_?(?:user|user_?name|owner|account|tenant|org|organi[sz]ation|workspace|team|customer|creator|author|company|profile|member|created_?by|owned_?by)(?:_?(?:id|uuid|uid|email))?$|^(?:uid|created_?by(?:User)?(?:_?id)?)$/i;
const ADMIN = /\/(?:_?admin|internal|backoffice|system|superadmin|management)(?:\/|$)/i;
const WRITES = new Set<unknown>(['update', 'delete', 'upsert']);

/** Records whose owner nobody asks for, in services that do ask elsewhere. */
export const recordOwners: (model: Model) => RecordOwners = perModel(model => find(model));

function find(model: Model): RecordOwners {
  const uses = model
    .operations('db')
    .filter(({ fn, is }) => !is['fragment'] && model.reached.has(fn))
    .map((operation): Use => {
      const conditions = conditionsOf(model.program, operation);
      const written = writtenColumns(model.program, operation);
      return { operation, where: conditions.columns, written: written.columns, open: conditions.open };
    });
  const siblings = siblingsOf(model, uses);
  if (siblings.length === 0) return { byKey: [], byOwner: [] };
  const checks = callerChecks(model);
  const isAnyones = memo((endpoint: Endpoint) => !checks(endpoint));
  const byOwner: UnownedRecord[] = [];
  const byKey: UnownedRecord[] = [];
  for (const use of uses) {
    const endpoints = (model.reached.get(use.operation.fn)?.endpoints ?? []).filter(isOpenToAllSignedIn);
    if (endpoints.length === 0) continue;
    const ways = { model, endpoints, isAnyones };
    byOwner.push(...owners(ways, use, siblings));
    byKey.push(...keys(ways, use, siblings, uses));
  }
  return { byKey, byOwner };
}

/** A route that answers whoever is signed in, and asks no more. */
export function isOpenToAllSignedIn({ auth, authorization, isPublic, partial, path }: Endpoint): boolean {
  return (
    auth === 'yes' && authorization === 'no' && isPublic === undefined && partial === undefined && !ADMIN.test(path)
  );
}

/** Queries that tie a record to whoever is calling, in the order of places: which one is shown must not depend on files. */
function siblingsOf(model: Model, uses: readonly Use[]): Sibling[] {
  const found = uses.flatMap(({ operation, where, written }) =>
    [...where, ...written].flatMap(column => {
      if (!OWNER.test(column.name)) return [];
      const caller = originsOf(model, column.value).find(one => one.k === 'caller');
      if (caller?.k !== 'caller') return [];
      const guards = new Set((model.reached.get(operation.fn)?.endpoints ?? []).flatMap(guardsOf));
      return [{ operation, column: column.name, caller, guards }];
    }),
  );
  return found.sort(({ operation: a }, { operation: b }) => comparePlaces(a.span, b.span));
}

interface Ways {
  readonly model: Model;
  readonly endpoints: readonly Endpoint[];
  /** Nothing on the way of the endpoint looks at who is calling. */
  isAnyones(endpoint: Endpoint): boolean;
}

function owners(ways: Ways, { operation, where, written }: Use, siblings: readonly Sibling[]): UnownedRecord[] {
  return [...where, ...written].flatMap(column => {
    if (!OWNER.test(column.name)) return [];
    const own = siblings.filter(one => plainName(one.column) === plainName(column.name));
    return sentTo(ways, column, own).map(one => ({ ...one, operation, column }));
  });
}

function keys(
  ways: Ways,
  { operation, where, open }: Use,
  siblings: readonly Sibling[],
  uses: readonly Use[],
): UnownedRecord[] {
  const kind = kindOf(operation);
  const { action } = operation.is;
  const [column, ...others] = where;
  if (open || !column || others.length > 0 || kind === undefined || !isKeyOf(column.name, kind)) return [];
  const own = siblings.filter(one => kindOf(one.operation) === kind);
  const like = WRITES.has(action) ? own : action === 'read-one' ? scopedReads(kind, own, uses) : [];
  return sentTo(ways, column, like).map(one => ({ ...one, operation, column }));
}

/** Reading is open on purpose in many services: only where every list of the kind is its owner's, or single ones are. */
function scopedReads(kind: string, siblings: readonly Sibling[], uses: readonly Use[]): readonly Sibling[] {
  const isRead = (operation: Operation, action: string): boolean =>
    operation.is['action'] === action && kindOf(operation) === kind;
  const single = siblings.filter(
    ({ operation }) => isRead(operation, 'read-one') || WRITES.has(operation.is['action']),
  );
  const lists = uses.filter(({ operation }) => isRead(operation, 'read-many'));
  const scoped = siblings.filter(({ operation }) => isRead(operation, 'read-many'));
  const isScoped = lists.every(({ operation }) => scoped.some(sibling => sibling.operation === operation));
  return isScoped ? [...single, ...scoped] : [];
}

/** The ways on which a column's value comes from one of these endpoints' requests. */
function sentTo(
  { model, endpoints, isAnyones }: Ways,
  column: Column,
  siblings: readonly Sibling[],
): { sent: Sent; endpoint: Endpoint; sibling: Sibling }[] {
  const origins = siblings.length > 0 ? originsOf(model, column.value) : [];
  for (const sent of origins) {
    if (sent.k !== 'request') continue;
    const readers = model.reached.get(sent.place.env.fn)?.endpoints ?? [];
    for (const endpoint of endpoints) {
      const guards = readers.includes(endpoint) ? guardsOf(endpoint) : [];
      const sibling = siblings.find(one => guards.some(guard => one.guards.has(guard)));
      if (sibling && isAnyones(endpoint)) return [{ sent, endpoint, sibling }];
    }
  }
  return [];
}

function isKeyOf(column: string, kind: string): boolean {
  return KEY.test(column) || plainName(column) === plainName(`${kind}id`);
}

function memo<K, V>(work: (key: K) => V): (key: K) => V {
  const results = new Map<K, V>();
  return key => {
    if (!results.has(key)) results.set(key, work(key));
    return results.get(key)!;
  };
}

/** Where the value comes from, who hands it on, and where it is done otherwise. */
export function evidenceOf({ sent, sibling }: UnownedRecord): Evidence[] {
  return [
    { span: spanIn(sent.place.env, sent.place.expr.p), message: 'comes from whoever sends the request' },
    ...sent.handedOn.map(span => ({ span, message: 'is handed on here' })),
    { span: sibling.operation.span, message: `here \`${sibling.column}\` is the caller’s` },
  ];
}
