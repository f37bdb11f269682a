import type { Endpoint, MiddlewareRole } from '../../link/endpoint.ts';
import { eachExpr, eachExprIn, eachStmt, innerFunctions } from '../../link/env.ts';
import { bodyMemo } from '../../link/kept/fact-memo.ts';
import type { Model } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { Env } from '../../link/values.ts';
import type { Expr, FunctionFact, Pattern } from '../../model/facts.ts';
import { type InputPart, type RequestReads, requestReads } from '../api/request-reads.ts';
import { uncheckedBodies } from '../api/unchecked-bodies.ts';
import { areEnough, type BrokenHabit, doesIt, grouped, isHabit, mayShowHabit, routeOf, SHOWN } from './habits.ts';

const BODIES = new Set(['POST', 'PUT', 'PATCH']);
const PARTS: readonly { part: InputPart; role: MiddlewareRole; kind: string; word: RegExp }[] = [
  { part: 'body', role: 'validates-body', kind: 'routes that read the body', word: /body|json|form/i },
  { part: 'query', role: 'validates-query', kind: 'routes that read the query', word: /query|search_?params/i },
  {
    part: 'params',
    role: 'validates-params',
    kind: 'routes that read the parameters of their path',
    word: /params?$/i,
  },
];

/** Routes that take a part of the input as it comes, in services that check it nearly everywhere. */
export function brokenValidation(model: Model): BrokenHabit[] {
  const byUnit = grouped(model.endpoints, ({ unit }) => unit);
  const known = new Map<Endpoint, RequestReads | undefined>();
  const readsOf = (endpoint: Endpoint): RequestReads | undefined => {
    if (!known.has(endpoint)) known.set(endpoint, requestReads(model.program, endpoint));
    return known.get(endpoint);
  };
  return [...byUnit.values()].flatMap(endpoints =>
    areEnough(endpoints.length) ? PARTS.flatMap(one => oddOnes(model, endpoints, readsOf, one)) : [],
  );
}

function oddOnes(
  model: Model,
  endpoints: readonly Endpoint[],
  readsOf: (endpoint: Endpoint) => RequestReads | undefined,
  { part, role, kind, word }: (typeof PARTS)[number],
): BrokenHabit[] {
  const followers = endpoints.filter(({ chain }) => chain.some(({ roles }) => roles.includes(role)));
  if (!mayShowHabit(followers.length)) return [];
  const follows = new Set(followers);
  const others: Endpoint[] = [];
  for (const endpoint of endpoints) {
    if (follows.has(endpoint) || (part === 'body' && !BODIES.has(endpoint.method))) continue;
    if (part === 'params' && !endpoint.path.includes(':')) continue;
    if (!names(model, endpoint, word) || !readsOf(endpoint)?.parts.get(part)?.size) continue;
    others.push(endpoint);
    if (!isHabit(followers.length, others.length)) return [];
  }
  const told = new Set(part === 'body' ? uncheckedBodies(model).map(({ endpoint }) => endpoint.handler?.fn) : []);
  return others
    .filter(endpoint => !told.has(endpoint.handler?.fn) && isUnchecked(model, endpoint) && !readsOf(endpoint)?.handedOn)
    .map(endpoint => ({
      how: 'validates',
      span: endpoint.span,
      subject: routeOf(endpoint),
      kind,
      name: '',
      followers: followers.slice(0, SHOWN).map(doesIt),
      count: followers.length,
      all: followers.length + others.length,
    }));
}

/** Whether a handler says a word that reading a part of the request takes, in whatever framework. */
function names({ program }: Model, { handler }: Endpoint, word: RegExp): boolean {
  const facts = handler && program.units.get(handler.file)?.facts;
  const visit = (fn: FunctionFact): boolean =>
    wordsOf(fn).some(one => word.test(one)) || (facts !== undefined && innerFunctions(facts, fn).some(visit));
  return handler !== undefined && visit(handler.fn);
}

const words = bodyMemo<readonly string[]>();

function wordsOf(fn: FunctionFact): readonly string[] {
  let known = words.get(fn);
  if (!known) {
    const out = new Set<string>();
    const note = (e: Expr): void => {
      if (e.k === 'mem' || e.k === 'id') out.add(e.n);
    };
    eachExprIn(fn, note);
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'let') for (const key of keysOf(stmt.pat)) out.add(key);
    });
    for (const { pat, decorators } of fn.params) {
      for (const key of keysOf(pat)) out.add(key);
      for (const { e } of decorators ?? []) eachExpr(e, note);
    }
    known = [...out];
    words.set(fn, known);
  }
  return known;
}

function keysOf(pattern: Pattern): string[] {
  if (pattern.k !== 'pobj') return [];
  return pattern.props.flatMap(({ key, v }) => [...(typeof key === 'string' ? [key] : []), ...keysOf(v)]);
}

/** Nothing is unseen, and the handler asks nothing of what it got. */
function isUnchecked({ program }: Model, endpoint: Endpoint): boolean {
  const { handler, chain, partial, isPublic } = endpoint;
  if (!handler || partial !== undefined || isPublic !== undefined) return false;
  if (chain.some(({ roles }) => roles.includes('unknown') || roles.includes('verifies-signature'))) return false;
  const visit = (env: Env): boolean =>
    mayCheck(env.fn) || innerFunctions(env.unit.facts, env.fn).some(fn => visit(program.staticEnv(env.unit, fn)));
  return !visit(staticEnvOf(program, handler));
}

const checks = bodyMemo<boolean>();

/** An answer for input that does not fit, an error, or a conversion. */
function mayCheck(fn: FunctionFact): boolean {
  let known = checks.get(fn);
  if (known === undefined) {
    known = false;
    eachStmt(fn.body, ({ k }) => {
      if (k === 'throw') known = true;
    });
    eachExprIn(fn, e => {
      if (e.k === 'num' && (e.v === 400 || e.v === 404 || e.v === 422)) known = true;
      const name = e.k === 'call' && (e.f.k === 'id' || e.f.k === 'mem') ? e.f.n : '';
      if (/^(?:Number|BigInt|Boolean|parseInt|parseFloat)$|valid|assert|check|sanitiz|parse|includes/i.test(name))
        known = true;
    });
    checks.set(fn, known);
  }
  return known;
}
