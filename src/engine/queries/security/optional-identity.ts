import type { Endpoint } from '../../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { requestPart } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, type FuncValue, spanIn } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** Middleware that lets requests without a token pass, and a route behind it that takes the identity for granted. */
export interface UncheckedIdentity {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly read: Span;
}

/** One route for each such middleware; routes that test the identity anywhere are fine. */
export function uncheckedIdentities(model: Model): UncheckedIdentity[] {
  return model.operations('jwt-verify').flatMap(operation => {
    if (!operation.is['middleware'] || !letsPass(operation)) return [];
    for (const endpoint of model.endpoints) {
      const { handler, chain, auth, partial } = endpoint;
      if (!handler || partial !== undefined || auth !== 'no') continue;
      if (!chain.some(({ value }) => value.k === 'api' && value.made?.call === operation.site.call)) continue;
      const read = readOf(model, handler);
      if (read) return [{ operation, endpoint, read }];
    }
    return [];
  });
}

function letsPass({ args }: Operation): boolean {
  const options = args['options']?.value;
  if (options?.k !== 'object') return false;
  const is = (name: string, wanted: boolean): boolean => {
    const value = options.props.get(name);
    return value?.k === 'const' && value.v === wanted;
  };
  return is('credentialsRequired', false) || is('passthrough', true);
}

/** The first property of the identity that a handler reads, if nothing in the handler asks whether there is one. */
function readOf({ program }: Model, handler: FuncValue): Span | undefined {
  let first: Span | undefined;
  let asked = false;
  const holds = (env: Env, e: Expr): boolean => {
    let found = false;
    eachExpr(e, one => {
      if (one.k === 'mem') found ||= isUser(env, one);
    });
    return found;
  };
  const isUser = (env: Env, e: Expr): boolean => requestPart(program, evaluate(program, env, e)) === 'user';
  const visit = (env: Env): void => {
    eachStmt(env.fn.body, stmt => {
      if (stmt.k === 'throw' || (stmt.k === 'if' && holds(env, stmt.t))) asked = true;
      // A copy may be asked about under its own name.
      if (stmt.k === 'let' && stmt.v && isUser(env, stmt.v)) asked = true;
      for (const e of exprsOf(stmt))
        eachExpr(e, one => {
          if ((one.k === 'cond' && holds(env, one.t)) || (one.k === 'log' && holds(env, one.l))) asked = true;
          if (one.k === 'call' && one.a.some(arg => isUser(env, arg))) asked = true;
          if (one.k !== 'mem' || !isUser(env, one.o)) return;
          if (one.opt) asked = true;
          else first ??= spanIn(env, one.p);
        });
    });
    for (const inner of innerFunctions(env.unit.facts, env.fn)) visit(program.staticEnv(env.unit, inner));
  };
  visit(staticEnvOf(program, handler));
  return asked ? undefined : first;
}
