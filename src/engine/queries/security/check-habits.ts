import type { ChainLink, Endpoint, MiddlewareRole } from '../../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { refusal } from '../../link/refusals.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { FuncValue, Value } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import { callerChecks } from '../caller-checks.ts';
import { areEnough, type BrokenHabit, doesIt, isHabit, mayShowHabit, routeOf, SHOWN } from './habits.ts';
import { takersOf } from './taken-names.ts';

const CHECKS: readonly MiddlewareRole[] = ['authorizes', 'limits-rate', 'csrf'];
/** Names that only say where to look: such a function also has to throw. */
const CHECKING = /^_?(?:require|assert|ensure|check|verify|authori[sz]e|guard|must|enforce)(?=$|[A-Z_])/;
/** Parameters that mean something else on every path. */
const VAGUE = /^:_?(?:id|uuid|slug|key|name|path|type|version|locale|lang|page|token|code|date|year|month)$/i;

/** A function or step that checks, with the routes that have it. */
interface Check {
  readonly name: string;
  readonly how: 'calls' | 'stands behind';
  readonly by: ReadonlySet<Endpoint>;
}

interface Group {
  readonly kind: string;
  readonly routes: readonly Endpoint[];
  /** They share a parameter: each is about one object. */
  readonly takesOne: boolean;
}

/** Routes that lack the guard, or the call of a function that refuses, which nearly all of their kind have. */
export function brokenChecks(model: Model): BrokenHabit[] {
  const groups = groupsOf(model).filter(({ routes }) => areEnough(routes.length));
  if (groups.length === 0) return [];
  const checks = [...calledChecks(model), ...steps([...model.endpoints, ...model.fields])];
  const looksAtCaller = callerChecks(model);
  const best = new Map<Endpoint, BrokenHabit>();
  for (const { kind, routes, takesOne } of groups) {
    for (const { name, how, by } of checks) {
      // Lists have no object whose owner could be asked for: only routes that take one have calls in common.
      if (how === 'calls' && !takesOne) continue;
      const followers = routes.filter(endpoint => by.has(endpoint));
      const others = routes.filter(endpoint => !by.has(endpoint));
      if (!isHabit(followers.length, others.length)) continue;
      for (const endpoint of others) {
        // Another check of its own is another convention, and what cannot be seen through may be this one.
        if (checks.some(one => one.how === how && one.by.has(endpoint)) || checksOtherwise(endpoint, followers[0]!))
          continue;
        const known = best.get(endpoint);
        if ((known && known.count >= followers.length) || (how === 'calls' && looksAtCaller(endpoint))) continue;
        best.set(endpoint, {
          how,
          span: endpoint.span,
          subject: routeOf(endpoint),
          kind,
          name,
          followers: followers.slice(0, SHOWN).map(doesIt),
          count: followers.length,
          all: routes.length,
        });
      }
    }
  }
  return [...best.values()];
}

/**
 * Whether a route has a step that may check what the caller may do, which a route that follows the convention lacks.
 * Where nobody need be signed in at all, that is what there is to tell, and is told elsewhere.
 */
function checksOtherwise({ chain, partial, auth }: Endpoint, follower: Endpoint): boolean {
  if (follower.auth === 'yes' && auth !== 'yes') return true;
  const shared = new Set(follower.chain.map(({ value }) => identity(value)[0]));
  const mayCheck = ({ value, roles }: ChainLink): boolean =>
    (roles.includes('authorizes') || roles.includes('unknown')) && !shared.has(identity(value)[0]);
  return partial !== undefined || chain.some(mayCheck);
}

/** Routes that share a parameter of their path, or a name they take from what was sent, and routes of one file that write. */
function groupsOf(model: Model): Group[] {
  const groups = new Map<string, { kind: string; routes: Endpoint[]; takesOne: boolean }>();
  const put = (key: string, kind: string, endpoint: Endpoint, takesOne: boolean): void => {
    const group = groups.get(key);
    if (group) group.routes.push(endpoint);
    else groups.set(key, { kind, routes: [endpoint], takesOne });
  };
  const isKnown = ({ partial, isPublic, handler }: Endpoint): boolean =>
    partial === undefined && isPublic === undefined && handler !== undefined;
  const routes = model.endpoints.filter(isKnown);
  for (const endpoint of routes) {
    const { path, unit, method, span } = endpoint;
    for (const name of new Set(path.match(/:\w+/g)))
      if (!VAGUE.test(name)) put(`${unit} ${name}`, `routes with ${name}`, endpoint, true);
    if (method !== 'GET' && method !== 'ALL') put(span.file, 'routes of this file that write', endpoint, false);
  }
  const takers = takersOf(model, [...routes, ...model.fields.filter(isKnown)]);
  return [
    ...groups.values(),
    ...takers.map(one => ({ kind: `handlers that take \`${one.name}\``, routes: one.takers, takesOne: true })),
  ];
}

/** Functions on the way of requests that turn callers away. */
function calledChecks({ program, reached }: Model): Check[] {
  const out: Check[] = [];
  for (const { func, depth, endpoints } of reached.values()) {
    if (depth === 0 || func.fn.name === '' || func.fn.kind === 'ctor' || !mayShowHabit(endpoints.length)) continue;
    if (refuses(program, func)) out.push({ name: func.fn.name, how: 'calls', by: new Set(endpoints) });
  }
  return out;
}

function refuses(program: Program, func: FuncValue): boolean {
  const env = staticEnvOf(program, func);
  let denies = false;
  let throws = false;
  eachStmt(func.fn.body, stmt => {
    if (stmt.k === 'throw') throws = true;
    if (refusal(program, env, stmt) === 'denied') denies = true;
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'call' && refusal(program, env, one) === 'denied') denies = true;
      });
  });
  return denies || (throws && CHECKING.test(func.fn.name));
}

/** Steps before handlers that check what a caller may do, by the function or class they are. */
function steps(endpoints: readonly Endpoint[]): Check[] {
  const found = new Map<FunctionFact | object | string, { name: string; how: 'stands behind'; by: Set<Endpoint> }>();
  for (const endpoint of endpoints) {
    for (const { value, roles, via } of endpoint.chain) {
      if (via === 'in the handler' || !roles.some(role => CHECKS.includes(role))) continue;
      const [key, name] = identity(value);
      if (!name) continue;
      const known = found.get(key);
      if (known) known.by.add(endpoint);
      else found.set(key, { name, how: 'stands behind', by: new Set([endpoint]) });
    }
  }
  return [...found.values()];
}

/** What makes two steps the same one: results of one factory count as one. */
function identity(value: Value): readonly [object | string, string] {
  if (value.k === 'func') return [value.fn, value.fn.name];
  if (value.k === 'class') return [value.cls, value.cls.name];
  if (value.k === 'instance') return [value.of.cls, value.of.cls.name];
  return value.k === 'api' ? [value.path, value.path.replace(/\(\)$/, '')] : ['', ''];
}
