import type { Endpoint, MiddlewareRole } from '../../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { refusal } from '../../link/refusals.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { FuncValue, Value } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';

/** A check that nearly all routes of a kind have, and one of the few that do not. */
export interface BrokenConvention {
  readonly endpoint: Endpoint;
  /** What the routes have in common: `routes with :projectId`. */
  readonly kind: string;
  readonly name: string;
  /** They call it on their way, or stand behind it. */
  readonly how: 'calls' | 'stands behind';
  readonly followers: readonly Endpoint[];
  /** Routes of the kind, this one included. */
  readonly all: number;
}

/** Below this many routes a habit is a coincidence. */
const LEAST = 10;
/** The share of routes that must follow it. */
const SUPPORT = 0.9;
/** More exceptions than these are a second habit. */
const EXCEPTIONS = 3;

const CHECKS: readonly MiddlewareRole[] = ['authorizes', 'limits-rate', 'csrf'];
/** Names that only say where to look: such a function also has to throw. */
const CHECKING = /^_?(?:require|assert|ensure|check|verify|authori[sz]e|guard|must|enforce)(?=$|[A-Z_])/;
/** Parameters that mean something else on every path. */
const VAGUE = /^:_?(?:id|uuid|slug|key|name|path|type|version|locale|lang|page|token|code|date|year|month)$/i;

/** A function or step that checks, with the routes that have it. */
interface Check {
  readonly name: string;
  readonly how: BrokenConvention['how'];
  readonly by: ReadonlySet<Endpoint>;
}

export function brokenConventions(model: Model): BrokenConvention[] {
  const groups = [...groupsOf(model.endpoints)].filter(({ routes }) => routes.length >= LEAST);
  if (groups.length === 0) return [];
  const checks = [...calledChecks(model), ...steps(model.endpoints)];
  const best = new Map<Endpoint, BrokenConvention>();
  for (const { kind, routes, takesOne } of groups) {
    for (const { name, how, by } of checks) {
      // Lists have no object whose owner could be asked for: only routes that take one have calls in common.
      if (how === 'calls' && !takesOne) continue;
      const followers = routes.filter(endpoint => by.has(endpoint));
      const others = routes.filter(endpoint => !by.has(endpoint));
      if (others.length === 0 || others.length > EXCEPTIONS || followers.length / routes.length < SUPPORT) continue;
      for (const endpoint of others) {
        // Another check of its own is another convention, and what cannot be seen through may be this one.
        if (checks.some(one => one.how === how && one.by.has(endpoint)) || checksOtherwise(endpoint, followers[0]!))
          continue;
        const known = best.get(endpoint);
        if (!known || known.followers.length < followers.length)
          best.set(endpoint, { endpoint, kind, name, how, followers, all: routes.length });
      }
    }
  }
  return [...best.values()];
}

/** Whether a route has a step that may check what the caller may do, which a route that follows the convention lacks. */
function checksOtherwise({ chain, partial }: Endpoint, follower: Endpoint): boolean {
  const shared = new Set(follower.chain.map(({ value }) => identity(value)[0]));
  return (
    partial !== undefined ||
    chain.some(
      ({ value, roles }) =>
        (roles.includes('authorizes') || roles.includes('unknown')) && !shared.has(identity(value)[0]),
    )
  );
}

interface Group {
  readonly kind: string;
  readonly routes: Endpoint[];
  /** They share a parameter: each is about one object. */
  readonly takesOne: boolean;
}

/** Routes that share a parameter of their path, by service, and routes of one file that write. */
function groupsOf(endpoints: readonly Endpoint[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  const put = (key: string, kind: string, endpoint: Endpoint, takesOne: boolean): void => {
    const group = groups.get(key);
    if (group) group.routes.push(endpoint);
    else groups.set(key, { kind, routes: [endpoint], takesOne });
  };
  for (const endpoint of endpoints) {
    const { partial, isPublic, handler, path, unit, method, span } = endpoint;
    if (partial !== undefined || isPublic !== undefined || !handler) continue;
    for (const name of new Set(path.match(/:\w+/g)))
      if (!VAGUE.test(name)) put(`${unit} ${name}`, `routes with ${name}`, endpoint, true);
    if (method !== 'GET' && method !== 'ALL') put(span.file, 'routes of this file that write', endpoint, false);
  }
  return groups.values();
}

/** Functions on the way of requests that turn callers away. */
function calledChecks({ program, reached }: Model): Check[] {
  const out: Check[] = [];
  for (const { func, depth, endpoints } of reached.values()) {
    if (depth === 0 || func.fn.name === '' || func.fn.kind === 'ctor' || endpoints.length < LEAST * SUPPORT) continue;
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
