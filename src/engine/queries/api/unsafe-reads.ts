import { calleesOf, callsIn } from '../../link/call-index.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { forMethod } from '../../link/method-slices.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Program } from '../../link/program.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { FuncValue } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import { reachedFrom } from '../caller-checks.ts';
import { type Column, conditionsOf, kindOf, writtenColumns } from '../record-conditions.ts';
import { originsOf } from '../value-origins.ts';

/** A route that browsers, crawlers and caches take for reading, and that changes something. */
export interface UnsafeRead {
  readonly endpoint: Endpoint;
  readonly changes: readonly Operation[];
}

const CHANGES = new Set<unknown>(['create', 'update', 'delete']);
/** What reading leaves behind by nature: traces, caches, sessions, one-time tokens. */
const TRACES =
  /log|audit|session|visit|view|event|analytic|metric|cache|click|histor|stat|count|token|seen|activit|track|rate|attempt|otp|code|nonce|state|verif|lock|queue|job|snapshot|impression|usage|sync/i;
const TRACE_COLUMNS =
  /last|seen|view|count|visit|access|updated_?at|click|hit|read|expire|token|fetched|synced|cached|used|refresh|usage|status_?checked/i;
/** Links that people follow from a mail or another site, and calls of schedulers. */
const FOLLOWED =
  /cron|house-?keeping|clean-?up|maintenance|schedul|scim|callback|verif|confirm|activat|unsubscribe|accept|magic|oauth|sso|saml|log-?out|sign-?out|log-?in|sign-?in|auth|redirect|track|pixel|webhook|health|invite|join|sync|refresh|migrat|seed|setup|install|onboard|test|debug|reset-?db/i;

export function unsafeReads(model: Model): UnsafeRead[] {
  const { program } = model;
  const shared = new Map<FunctionFact, number>();
  for (const { handler } of model.endpoints) if (handler) shared.set(handler.fn, (shared.get(handler.fn) ?? 0) + 1);
  const found = new Map<Endpoint, Operation[]>();
  for (const operation of model.operations('db')) {
    const endpoints = model.reached.get(operation.fn)?.endpoints.filter(isRead) ?? [];
    if (endpoints.length === 0 || !isChange(model, operation) || !isOrdered(model, operation)) continue;
    for (const endpoint of endpoints) {
      const { handler, method } = endpoint;
      if (!handler || ((shared.get(handler.fn) ?? 0) > 1 && !runsFor(program, handler, method, operation))) continue;
      const list = found.get(endpoint);
      if (list) list.push(operation);
      else found.set(endpoint, [operation]);
    }
  }
  return [...model.endpoints, ...model.fields].flatMap(endpoint => {
    const changes = found.get(endpoint);
    return changes ? [{ endpoint, changes }] : [];
  });
}

function isRead({ method, protocol, partial, path }: Endpoint): boolean {
  if (partial !== undefined || FOLLOWED.test(path)) return false;
  return protocol === 'http' ? method === 'GET' || method === 'HEAD' : method === 'QUERY';
}

/** Whether a handler of several methods gets to the operation for this one. */
function runsFor(program: Program, handler: FuncValue, method: string, { fn, site }: Operation): boolean {
  const slice = forMethod(program, handler, method);
  if (!slice) return false;
  if (fn === handler.fn) return callsIn(slice.fn).some(({ call }) => call === site.call);
  const env = staticEnvOf(program, slice);
  return callsIn(slice.fn)
    .flatMap(({ call }) => calleesOf(program, env, call))
    .some(callee => reachedFrom(program, callee).some(func => func.fn === fn));
}

function isChange(model: Model, operation: Operation): boolean {
  const { is, fn } = operation;
  const kind = kindOf(operation);
  if (!CHANGES.has(is['action']) || is['fragment'] || kind === undefined || TRACES.test(kind)) return false;
  const { columns, open } = writtenColumns(model.program, operation);
  if (!open && columns.length > 0 && columns.every(({ name }) => TRACE_COLUMNS.test(name))) return false;
  // What is made when it is missing was asked for, not ordered.
  const own = model.operationsIn(operation.file).filter(one => one.fn === fn && kindOf(one) === kind);
  return !(is['action'] === 'create' && own.some(one => /^read/.test(String(one.is['action']))));
}

/** Whether the request says what is changed; what is stale is tidied up on the way. */
function isOrdered(model: Model, operation: Operation): boolean {
  const where = conditionsOf(model.program, operation).columns;
  const written = writtenColumns(model.program, operation).columns;
  const decides = (column: Column, who: readonly string[]): boolean =>
    originsOf(model, column.value).some(({ k }) => who.includes(k));
  return (
    where.some(column => decides(column, ['request', 'caller'])) || written.some(column => decides(column, ['request']))
  );
}
