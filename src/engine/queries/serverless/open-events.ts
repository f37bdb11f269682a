import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { type FunctionEndpoint, functionEndpoints, functionUrls, type Gate } from '../../link/function-events.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { requestPart } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, type FuncValue, spanIn } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { answersAnyone, signingUp } from '../security/open-routes.ts';

/** A request that the gateway lets through to a function, beside others of the same service that it checks. */
export interface OpenEvent {
  readonly endpoint: Endpoint;
  /** Those whose callers the gateway checks. */
  readonly guarded: readonly Endpoint[];
  /** The gateway asks for a key, which proves nobody. */
  readonly isMetered: boolean;
  /** How many of the same service are open like it. */
  readonly open: number;
}

/** Requests that no authorizer and no code checks although the same file of settings names authorizers elsewhere. */
export function openEvents(model: Model): OpenEvent[] {
  const events = model.endpoints.filter(({ protocol }) => protocol === 'event');
  if (!events.some(isChecked)) return [];
  const signing = signingUp(model);
  const metered = functionEndpoints(model.program).filter(({ gate }) => gate === 'metered');
  return [...new Set(events.map(({ span }) => span.file))].flatMap(file => {
    const all = events.filter(({ span }) => span.file === file);
    const guarded = all.filter(isChecked);
    if (guarded.length === 0 || model.settings.configOf(all[0]!.unit).facts?.externalAuth) return [];
    const open = all.filter(one => answersAnyone(model, one) && !signing.has(one));
    return open.map(endpoint => {
      const isMetered = metered.some(({ path, span }) => path === file && span.start === endpoint.span.start);
      return { endpoint, guarded, isMetered, open: open.length };
    });
  });
}

function isChecked({ chain }: Endpoint): boolean {
  return chain.some(({ via, roles }) => via === 'the gateway' && roles.includes('authenticates'));
}

/** An address of its own that a function answers anyone at, beside events whose callers the gateway checks. */
export interface OpenUrl {
  readonly name: string;
  readonly span: Span;
  readonly guarded: Endpoint;
}

export function openUrls(model: Model): OpenUrl[] {
  return functionUrls(model.program).flatMap(({ name, span, gate, func }) => {
    const guarded = model.endpoints.find(one => one.span.file === span.file && isChecked(one));
    if (gate !== 'open' || !func || !guarded) return [];
    const { roles, readsCredential } = classify(model.program, func);
    const isSilent = roles.every(role => role === 'neutral' || role.startsWith('validates') || role === 'limits-rate');
    return isSilent && !readsCredential ? [{ name, span, guarded }] : [];
  });
}

/** A function that reads who is calling from an authorizer which none of its events names. */
export interface MissingClaims {
  readonly event: FunctionEndpoint;
  readonly read: Span;
}

export function missingClaims({ program }: Model): MissingClaims[] {
  const events = functionEndpoints(program);
  const unchecked = (gate: Gate): boolean => gate === 'open' || gate === 'metered';
  return [...new Set(events.map(({ func }) => func?.fn))].flatMap(fn => {
    const own = events.filter(({ func }) => func && func.fn === fn);
    const [event] = own;
    if (!event?.func || !event.direct || !own.every(({ gate }) => unchecked(gate))) return [];
    const read = readOfCaller(program, event.func);
    return read ? [{ event, read }] : [];
  });
}

/** The first place where a function reads what an authorizer said. */
function readOfCaller(program: Program, func: FuncValue): Span | undefined {
  let found: Span | undefined;
  const visit = (env: Env): void => {
    eachExprIn(env.fn, e => {
      if (!found && e.k === 'mem' && requestPart(program, evaluate(program, env, e)) === 'user')
        found = spanIn(env, e.p);
    });
    for (const inner of innerFunctions(env.unit.facts, env.fn)) if (!found) visit(program.staticEnv(env.unit, inner));
  };
  visit(staticEnvOf(program, func));
  return found;
}
