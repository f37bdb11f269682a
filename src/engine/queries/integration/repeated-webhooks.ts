import type { Endpoint } from '../../link/endpoint.ts';
import { eachExpr, eachExprIn } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';
import { receiverOf } from '../webhooks.ts';

/** An event whose second delivery counts a second time. */
export interface RepeatedWebhook {
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  readonly sender: string;
  readonly evidence: readonly Evidence[];
}

/** Something looks whether an event was seen: by its id, by a mark, by a state that comes before. */
const LOOKS =
  /processed|handled|idempot|dedup|duplicat|already|seen|replay|event_?id|delivery|message_?id|webhook_?event|webhook_?id|lock|P2002|23505|ER_DUP/i;
const STATES = /^(?:status|state|paid|paidAt|completedAt|processedAt|version)$/;
/** `set balance = balance + $1` */
const ADDS = /\bset\s+(?:[\w".]+\s*=\s*[^,]+,\s*)*"?(\w+)"?\s*=\s*(?:\w+\.)?"?\1"?\s*[+-]/i;

/** Receivers of events that add to what is there, and never look whether the event was there before. */
export function repeatedWebhooks(model: Model): RepeatedWebhook[] {
  const adding = model.operations('db', 'sql').filter(adds);
  if (adding.length === 0) return [];
  const out: RepeatedWebhook[] = [];
  for (const endpoint of model.endpoints) {
    const operation = adding.find(({ fn }) => model.reached.get(fn)?.endpoints.includes(endpoint));
    if (!operation || endpoint.partial !== undefined) continue;
    const receiver = receiverOf(model.program, endpoint);
    if (!receiver || receiver.signs.length < 2) continue;
    const functions = [...model.reached].filter(([, way]) => way.endpoints.includes(endpoint)).map(([fn]) => fn);
    if (functions.some(looks)) continue;
    out.push({ endpoint, operation, sender: receiver.provider ?? 'another service', evidence: receiver.signs });
  }
  return out;
}

function adds({ kind, is, args }: Operation): boolean {
  if (kind === 'sql') {
    const text = args['text']?.expr;
    return text !== undefined && ADDS.test(textIn(text));
  }
  if (is['action'] !== 'update' && is['action'] !== 'upsert') return false;
  const { data, where } = args;
  return (
    data !== undefined && names(data.expr, /^(?:increment|decrement|\$inc)$/) && !(where && names(where.expr, STATES))
  );
}

function textIn(e: Expr): string {
  if (e.k === 'str') return e.v;
  return e.k === 'tpl' ? e.parts.map(part => (typeof part === 'string' ? part : '?')).join('') : '';
}

function names(e: Expr, name: RegExp): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'obj') for (const prop of one.props) if (prop.k === 'prop' && name.test(prop.n)) found = true;
  });
  return found;
}

function looks(fn: FunctionFact): boolean {
  let found = LOOKS.test(fn.name);
  eachExprIn(fn, e => {
    if ((e.k === 'id' || e.k === 'mem') && LOOKS.test(e.n)) found = true;
    if (e.k === 'str' && LOOKS.test(e.v)) found = true;
    // The id of the event itself.
    if (
      e.k === 'mem' &&
      e.n === 'id' &&
      e.o.k === 'id' &&
      /^(?:event|evt|payload|body|message|notification)$/.test(e.o.n)
    )
      found = true;
  });
  return found;
}
