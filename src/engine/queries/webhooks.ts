import { callsIn } from '../link/call-index.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin, requestPart } from '../link/request-value.ts';
import { staticEnvOf } from '../link/signals.ts';
import { spanIn } from '../link/values.ts';
import type { Expr } from '../model/facts.ts';
import type { Evidence } from '../model/finding.ts';

/** What makes an endpoint look like the receiver of another service's events. */
export interface Receiver {
  readonly provider: string | undefined;
  /** One entry per kind of sign: path, signature header, event fields. */
  readonly signs: readonly Evidence[];
}

const PATH =
  /\/(?:webhooks?|hooks?|ipn|callbacks?\/(?:stripe|paypal|github|twilio|slack))(?:\/|$)|[-_]webhooks?(?:\/|$)/i;
const PROVIDER =
  /stripe|github|gitlab|slack|shopify|twilio|paypal|clerk|svix|adyen|square|razorpay|paddle|discord|telegram|zoom|hubspot|sendgrid|plaid|linear/i;
const HEADER = /signature|^x-hub-|^svix-|^webhook-id$|^x-gitlab-(?:token|event)$|^x-github-event$|^x-shopify-|hmac/i;
const EVENT = /^(?:type|event|eventType|event_type|event_name|action|topic)$/;

/** Signs that a route receives webhooks; a path alone is only one of them. */
export function receiverOf(program: Program, { method, path, span, handler }: Endpoint): Receiver | undefined {
  if ((method !== 'POST' && method !== 'ALL') || !handler) return undefined;
  const signs = new Map<string, Evidence>();
  const names = [path];
  if (PATH.test(path)) signs.set('path', { span, message: 'the path is that of a webhook' });
  const env = staticEnvOf(program, handler);
  eachStmt(handler.fn.body, stmt => {
    if (stmt.k === 'let' && stmt.v && stmt.pat.k === 'pobj') {
      const part = requestPart(program, evaluate(program, env, stmt.v));
      for (const { key } of stmt.pat.props)
        if (part === 'body' && typeof key === 'string' && EVENT.test(key))
          signs.set('event', { span: spanIn(env, stmt.pat.p), message: 'the body is read as an event' });
    }
    for (const e of exprsOf(stmt)) {
      eachExpr(e, one => {
        const header = one.k === 'str' ? one.v : one.k === 'mem' ? one.n : '';
        if (HEADER.test(header) && header.includes('-')) {
          signs.set('header', { span: spanIn(env, one.p), message: 'a provider’s header is named' });
          names.push(header);
        }
        if (one.k !== 'mem' || !EVENT.test(one.n)) return;
        const origin = requestOrigin(program, evaluate(program, env, one.o));
        if (origin?.part === 'body' && origin.names.length === 0)
          signs.set('event', { span: spanIn(env, one.np), message: 'the body is read as an event' });
      });
    }
  });
  const provider = PROVIDER.exec(names.join(' '))?.[0]?.toLowerCase();
  if (provider && signs.has('path') && hasLibrary(program, span.file, provider))
    signs.set('library', { span, message: `the service uses ${provider}` });
  return signs.size ? { provider, signs: [...signs.values()] } : undefined;
}

/** Whether all that a handler calls are methods of what it answers with: nothing happens, whoever sends it. */
export function onlyAnswers({ handler }: Endpoint): boolean {
  if (!handler) return false;
  const [, ...others] = handler.fn.params;
  const answers = others.flatMap(({ pat }) => (pat.k === 'pid' ? [pat.n] : []));
  const calls = callsIn(handler.fn);
  return calls.length > 0 && calls.every(({ call }) => answers.includes(rootOf(call.f)));
}

function rootOf(e: Expr): string {
  if (e.k === 'mem') return rootOf(e.o);
  if (e.k === 'call') return rootOf(e.f);
  return e.k === 'id' ? e.n : '';
}

function hasLibrary(program: Program, file: string, provider: string): boolean {
  const info = program.project.packageOf(file);
  return (info?.facts.dependencies ?? []).some(({ name }) => name.value.includes(provider));
}
