import type { Endpoint } from '../../link/endpoint.ts';
import { eachExpr, eachExprIn, eachStmt, exprsOf } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Program } from '../../link/program.ts';
import type { ObjectValue } from '../../link/values.ts';
import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { registrationAt } from './registrations.ts';

/** A limiter that is set up and does not do its job. */
export interface LimiterFault {
  readonly kind: 'not-awaited' | 'unbound' | 'per-request' | 'forged-key' | 'skips-all';
  readonly operation: Operation;
  readonly span: Span;
  /** Routes that go without it, where they can be named. */
  readonly routes: readonly Endpoint[];
}

export function limiterFaults(model: Model): LimiterFault[] {
  return model.operations('limiter-setup').flatMap((operation): LimiterFault[] => {
    const { span } = operation;
    const fault = (kind: LimiterFault['kind'], at: Span = span, routes: readonly Endpoint[] = []): LimiterFault[] => [
      { kind, operation, span: at, routes },
    ];
    const early = notAwaited(model, operation);
    if (early.length) return fault('not-awaited', span, early);
    if (isUnbound(model, operation)) return fault('unbound');
    if (isMadePerRequest(model, operation)) return fault('per-request');
    const options = operation.args['options']?.value;
    if (options?.k !== 'object') return [];
    const key = forgedKey(options);
    if (key) return fault('forged-key', key);
    return skipsAll(model.program, options) ? fault('skips-all') : [];
  });
}

/** Routes of the same function that are added before the plugin is loaded: its hook on new routes is not there yet. */
function notAwaited(model: Model, { is, use, file, fn, span, callSpan }: Operation): readonly Endpoint[] {
  if (!is['waits'] || (use !== 'dropped' && use !== 'voided')) return [];
  const { program, endpoints } = model;
  const router = program.routers.find(({ entries }) =>
    entries.some(entry => entry.span.file === file && entry.span.start === span.start),
  );
  if (!router) return [];
  // Whatever is awaited afterwards also waits for the plugins registered before it.
  const awaited = firstAwait(fn, callSpan.end);
  return endpoints.filter(endpoint => {
    const at = endpoint.span;
    if (at.file !== file || at.start < callSpan.end || at.start > awaited || endpoint.partial !== undefined)
      return false;
    if (!router.entries.some(entry => entry.k === 'route' && entry.span === at)) return false;
    return registrationAt(program, at)?.fn === fn;
  });
}

function firstAwait(fn: FunctionFact, after: number): number {
  let first = Number.POSITIVE_INFINITY;
  eachStmt(fn.body, stmt => {
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'await' && one.p[0] >= after) first = Math.min(first, one.p[0]);
      });
  });
  return first;
}

/** Settings of a guard that no file so much as names. */
function isUnbound({ project, endpoints }: Model, { is, file }: Operation): boolean {
  const guard = is['guard'];
  if (!guard || endpoints.length === 0 || endpoints.some(({ rateLimit }) => rateLimit === 'yes')) return false;
  for (const facts of project.sources.values())
    for (const { name, module, typeOnly } of facts.imports)
      if (!typeOnly && (name === guard || (name === '*' && module === is['library']))) return false;
  return project.roleOf(file) === 'source';
}

/** A counter that begins anew with every request, because the limiter is made while one is answered. */
function isMadePerRequest({ program, reached, endpoints }: Model, { fn, site, use, end, is }: Operation): boolean {
  if (is['waits'] || is['guard'] || fn.id === 0) return false;
  const isStep = endpoints.some(({ chain }) => chain.some(({ value }) => value.k === 'func' && value.fn === fn));
  if (!isStep && !reached.has(fn)) return false;
  if (program.paramRole(site.env, 0) === undefined) return false;
  // `rateLimit(options)(req, res, next)`, or kept in a variable of the request alone.
  return (use === 'chained' && end === 'dropped') || isOwnVariable(fn.body, site.call);
}

function isOwnVariable(body: readonly Stmt[], call: Expr): boolean {
  return body.some(stmt => stmt.k === 'let' && stmt.pat.k === 'pid' && stmt.v === call);
}

/** The key is a header that callers write themselves: every request may come under another name. */
function forgedKey({ props }: ObjectValue): Span | undefined {
  const key = props.get('keyGenerator') ?? props.get('id');
  if (key?.k !== 'func') return undefined;
  let forged = false;
  let own = false;
  eachExprIn(key.fn, e => {
    const name = e.k === 'str' ? e.v : e.k === 'mem' ? e.n : '';
    if (/^x-(?:forwarded-for|real-ip|client-ip)$/i.test(name)) forged = true;
    // Whatever else it asks about the caller may be the better part of the key.
    if (e.k === 'mem' && /^(?:ip|ips|user|session|auth|state|remoteAddress|socket)$/.test(e.n)) own = true;
  });
  return forged && !own ? { file: key.file, start: key.fn.np[0], end: key.fn.np[1] } : undefined;
}

function skipsAll(program: Program, { props }: ObjectValue): boolean {
  const skip = props.get('skip');
  if (skip?.k !== 'func') return false;
  const value = program.returns(skip, []);
  return value.k === 'const' && value.v === true;
}
