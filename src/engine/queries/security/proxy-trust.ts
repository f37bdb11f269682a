import { eachExpr, eachExprIn, eachStmt, exprsOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { requestOrigin, requestPart } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, spanIn, stringOf, type Value } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';
import type { Span } from '../../model/span.ts';

/** A service that believes every `X-Forwarded-*` header, and what relies on the address it takes from it. */
export interface BlindTrust {
  readonly operation: Operation;
  readonly relies: readonly Evidence[];
}

export function blindTrusts(model: Model): BlindTrust[] {
  const { program, endpoints, project } = model;
  return model.operations('proxy-trust').flatMap(operation => {
    const { value } = operation.args;
    const trusts = value === undefined || (value.value.k === 'const' && value.value.v === true);
    if (!trusts) return [];
    const unit = project.packageOf(operation.file)?.folder ?? '';
    const relies: Evidence[] = [];
    const limited = endpoints.find(endpoint => endpoint.unit === unit && endpoint.rateLimit === 'yes');
    const limiter = limited?.chain.find(({ roles }) => roles.includes('limits-rate'));
    if (limiter) relies.push({ span: limiter.span, message: 'a limiter counts by the caller’s address' });
    for (const { func, endpoints: routes } of model.reached.values()) {
      if (relies.length > 3 || routes[0]?.unit !== unit) continue;
      const span = addressIn(model, staticEnvOf(program, func));
      if (span) relies.push({ span, message: 'the caller’s address is read' });
    }
    return relies.length ? [{ operation, relies }] : [];
  });
}

function addressIn({ program }: Model, env: Env): Span | undefined {
  const found = addresses(env.unit.facts, env.fn).find(e => requestPart(program, evaluate(program, env, e)) === 'ip');
  return found && spanIn(env, found.np);
}

const addresses = perFunction(fn => {
  const out: ExprOf<'mem'>[] = [];
  eachExprIn(fn, e => {
    if (e.k === 'mem' && (e.n === 'ip' || e.n === 'ips')) out.push(e);
  });
  return out;
});

/** A link with a secret in it whose host the sender of the request chose. */
export interface ForgedLink {
  readonly span: Span;
  readonly route: string;
}

const SECRET_LINK = /reset|verif|confirm|activat|invit|token|password|magic|code=/i;

export function forgedLinks({ program, reached }: Model): ForgedLink[] {
  const out: ForgedLink[] = [];
  for (const { func, endpoints } of reached.values()) {
    const [endpoint] = endpoints;
    if (!endpoint || endpoint.auth === 'yes') continue;
    const env = staticEnvOf(program, func);
    const isHost = (value: Value): boolean => {
      const origin = requestOrigin(program, value);
      if (origin?.part !== 'headers' || value.k !== 'api') return false;
      const asked = stringOf(value.made?.args[0]);
      const named = [...origin.names, asked ?? ''].some(name => /^(?:x-forwarded-)?host$/i.test(name));
      return named || (origin.names.length === 0 && /#host(?:name)?$/.test(value.path));
    };
    for (const parts of secretLinks(env.unit.facts, func.fn)) {
      const host = parts.find((part): part is Expr => typeof part !== 'string' && isHost(evaluate(program, env, part)));
      if (host) out.push({ span: spanIn(env, host.p), route: `${endpoint.method} ${endpoint.path}` });
    }
  }
  return out;
}

/** Texts that are links put together; only one that holds something secret harms whom it is sent to. */
const secretLinks = perFunction(fn => {
  const out: (readonly (string | Expr)[])[] = [];
  eachStmt(fn.body, stmt => {
    for (const whole of exprsOf(stmt))
      outermost(whole, e => {
        const parts = textParts(e);
        const text = parts.map(part => (typeof part === 'string' ? part : '{}')).join('');
        if (text.includes('://') && SECRET_LINK.test(text)) out.push(parts);
      });
  });
  return out;
});

/** Visits texts put together, each as a whole. */
function outermost(e: Expr, visit: (e: Expr) => void): void {
  const covered = new Set<Expr>();
  eachExpr(e, one => {
    const joins = one.k === 'tpl' || (one.k === 'bin' && one.op === '+');
    if (!joins || covered.has(one)) return;
    eachExpr(one, inner => {
      if (inner.k === 'bin') covered.add(inner);
    });
    visit(one);
  });
}

function textParts(e: Expr): readonly (string | Expr)[] {
  if (e.k === 'str') return [e.v];
  if (e.k === 'tpl') return e.parts;
  return e.k === 'bin' && e.op === '+' ? [...textParts(e.l), ...textParts(e.r)] : [e];
}
