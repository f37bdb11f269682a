import { identity } from '../link/call-key.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExprIn } from '../link/env.ts';
import { bodyMemo } from '../link/kept/fact-memo.ts';
import { expressionsWhere } from '../link/kept/per-file.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import type { FileUnit } from '../link/values.ts';
import type { Expr, FileFacts, FunctionFact } from '../model/facts.ts';
import { type Target, targetOf } from './hosts.ts';

/** Requests that wait for their answer without a limit: a client instance, or the first of a function. */
export interface UnboundedClient {
  /** The instance's creation, or the request itself. */
  readonly operation: Operation;
  readonly client: string;
  readonly target: Target;
  /** A request that goes this way. */
  readonly request: Operation;
  readonly endpoints: readonly Endpoint[];
  /** Waiting is paid for, and ends with the function's own limit. */
  readonly serverless: boolean;
}

const BREAKERS = /^(?:opossum|cockatiel|p-timeout|promise-timeout|axios-timeout)(?:\/|$)/;

/** One per client instance or function, in the way of requests and jobs, to other machines. */
export function unboundedClients(model: Model): UnboundedClient[] {
  const { reached } = model;
  return unlimited(model, ({ fn }) => reached.has(fn));
}

/** The same among other requests. */
export function unlimited(model: Model, isMeant: (request: Operation) => boolean): UnboundedClient[] {
  const { project, reached } = model;
  const requests = model.operations('http-request').filter(one => one.is['bounded'] === 'no' && isMeant(one));
  if (requests.length === 0) return [];
  const clients = model.operations('http-client');
  const instances = new Map(clients.map(one => [identity(one.site.call), one]));
  const folderOf = ({ file }: Operation): string => project.packageOf(file)?.folder ?? '';
  const limited = limitedPackages(model, clients, folderOf);
  const out = new Map<string, UnboundedClient>();
  for (const request of requests) {
    const way = reached.get(request.fn);
    const client = String(request.is['client']);
    if (limited.has(`${client} ${folderOf(request)}`)) continue;
    const unit = request.site.env.unit;
    if (unit.facts.directives.includes('use client') || endsElsewhere(unit, request.fn)) continue;
    const made = request.is['instance'];
    const instance = made === undefined ? undefined : instances.get(Number(made));
    if (made !== undefined && instance?.is['bounded'] !== 'no') continue;
    const target = targetOf(
      model,
      request.args['url']?.value,
      request.args['base']?.value ?? instance?.args['base']?.value,
      request.file,
    );
    if (target.isSelf) continue;
    const key = instance ? String(made) : `${request.file}:${request.fn.id}`;
    if (out.has(key)) continue;
    out.set(key, {
      operation: instance ?? request,
      client,
      target,
      request,
      endpoints: way?.endpoints ?? [],
      serverless: way?.serverless ?? false,
    });
  }
  return [...out.values()];
}

/** Packages in which a default for all requests of a client is set. */
function limitedPackages(
  model: Model,
  clients: readonly Operation[],
  folderOf: (one: Operation) => string,
): Set<string> {
  const out = new Set<string>();
  for (const one of clients) {
    if (one.is['global']) for (const client of ['fetch', 'undici']) out.add(`${client} ${folderOf(one)}`);
    if (one.is['client'] === 'nest' && one.is['bounded'] !== 'no') out.add(`nest ${folderOf(one)}`);
  }
  for (const [path, facts] of model.project.sources)
    if (setsDefaultTimeout(facts)) out.add(`axios ${model.project.packageOf(path)?.folder ?? ''}`);
  return out;
}

/** `axios.defaults.timeout = …`, on whatever name. */
function setsDefaultTimeout(facts: FileFacts): boolean {
  return facts.dependencies.some(({ module }) => module === 'axios') && defaultTimeouts(facts).length > 0;
}

const defaultTimeouts = expressionsWhere(
  ['assign'],
  e => e.k === 'assign' && e.l.k === 'mem' && e.l.n === 'timeout' && e.l.o.k === 'mem' && e.l.o.n === 'defaults',
);

const ends = bodyMemo<boolean>();

/** A timer, a race or a breaker around the request, or an answer that is meant to last. */
function endsElsewhere({ facts }: FileUnit, fn: FunctionFact): boolean {
  if (facts.dependencies.some(({ module }) => BREAKERS.test(module))) return true;
  for (let at: FunctionFact | undefined = fn; at && at.id !== 0; at = facts.functions[at.parent]) {
    let known = ends.get(at);
    if (known === undefined) {
      known = /timeout|stream|sse|download/i.test(at.name);
      eachExprIn(at, e => {
        known ||= endsOrStreams(e);
      });
      ends.set(at, known);
    }
    if (known) return true;
  }
  return false;
}

function endsOrStreams(e: Expr): boolean {
  if (e.k === 'str') return e.v === 'text/event-stream' || e.v === 'stream';
  if (e.k === 'call') {
    const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
    if (e.f.k === 'mem' && ['race', 'pipe', 'pipeTo', 'pipeThrough', 'getReader', 'fromWeb'].includes(name))
      return true;
    return /timeout|pipeline/i.test(name) && !(e.f.k === 'id' && (name === 'setTimeout' || name === 'clearTimeout'));
  }
  return false;
}
