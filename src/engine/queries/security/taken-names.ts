import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, eachStmt, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { bodyMemo } from '../../link/kept/fact-memo.ts';
import { member } from '../../link/members.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { type Part, requestOrigin, requestPart } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import type { Env, FuncValue, Value } from '../../link/values.ts';
import type { Expr, FunctionFact, Pattern } from '../../model/facts.ts';
import { areEnough } from './habits.ts';

/** Names that say which object of another kind something is about: `projectId`, not `id`. */
const REFERENCE = /^[a-z]\w*(?:Id|ID|Uuid|Slug|_id|_uuid|_slug)$/;
const SENT: ReadonlySet<Part> = new Set(['params', 'query', 'body'] as const);

/** Where a function may read a name of what was sent: an expression with the name, or what is taken apart. */
interface Mention {
  readonly name: string;
  /** The member itself, or the value that is taken apart; undefined for one in a parameter's pattern. */
  readonly e: Expr | undefined;
  /** It stands in a pattern. */
  readonly taken: boolean;
}

const mentions = bodyMemo<readonly Mention[]>();

/** The handlers that take an object's name from what was sent, by unit and name; only names that many of them take. */
export function takersOf(model: Model, endpoints: readonly Endpoint[]): { name: string; takers: Endpoint[] }[] {
  const mayTake = new Map<string, { name: string; endpoints: Endpoint[] }>();
  for (const endpoint of endpoints) {
    const { handler, path, unit } = endpoint;
    const names = new Set((path.match(/:\w+/g) ?? []).map(name => name.slice(1)).filter(name => REFERENCE.test(name)));
    if (handler) for (const name of namesIn(model.program, handler)) names.add(name);
    for (const name of names) {
      const key = `${unit} ${name}`;
      const known = mayTake.get(key);
      if (known) known.endpoints.push(endpoint);
      else mayTake.set(key, { name, endpoints: [endpoint] });
    }
  }
  return [...mayTake.values()]
    .filter(one => areEnough(one.endpoints.length))
    .map(({ name, endpoints: all }) => ({ name, takers: all.filter(one => takes(model.program, one, name)) }));
}

function namesIn(program: Program, handler: FuncValue): Set<string> {
  const facts = program.units.get(handler.file)?.facts;
  const out = new Set<string>();
  const visit = (fn: FunctionFact): void => {
    for (const { name } of mentionsIn(fn)) out.add(name);
    if (facts) innerFunctions(facts, fn).forEach(visit);
  };
  visit(handler.fn);
  return out;
}

function mentionsIn(fn: FunctionFact): readonly Mention[] {
  let known = mentions.get(fn);
  if (!known) {
    const out: Mention[] = [];
    const take = (pattern: Pattern, e: Expr | undefined): void => {
      if (pattern.k !== 'pobj') return;
      for (const { key, v } of pattern.props) {
        if (typeof key === 'string' && REFERENCE.test(key)) out.push({ name: key, e, taken: true });
        take(v, e);
      }
    };
    eachExprIn(fn, e => {
      if (e.k === 'mem' && REFERENCE.test(e.n)) out.push({ name: e.n, e, taken: false });
    });
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'let' && stmt.v) take(stmt.pat, stmt.v);
    });
    for (const { pat } of fn.params) take(pat, undefined);
    known = out;
    mentions.set(fn, known);
  }
  return known;
}

function takes(program: Program, { handler, path }: Endpoint, name: string): boolean {
  if (path.split('/').includes(`:${name}`)) return true;
  if (!handler) return false;
  const visit = (env: Env): boolean =>
    mentionsIn(env.fn).some(one => one.name === name && isSent(program, env, one)) ||
    innerFunctions(env.unit.facts, env.fn).some(fn => visit(program.staticEnv(env.unit, fn)));
  return visit(staticEnvOf(program, handler));
}

function isSent(program: Program, env: Env, { name, e, taken }: Mention): boolean {
  if (!e)
    return env.fn.params.some(({ pat }, position) => comesIn(program, pat, name, program.paramRole(env, position)));
  const origin = requestOrigin(program, evaluate(program, env, e));
  if (!origin || !SENT.has(origin.part)) return false;
  return taken ? origin.names.length === 0 : origin.names.length === 1 && origin.names[0] === name;
}

/** `({ input: { projectId } }) => …`. */
function comesIn(program: Program, pattern: Pattern, name: string, given: Value | undefined): boolean {
  if (pattern.k !== 'pobj' || !given) return false;
  const part = requestPart(program, given);
  return pattern.props.some(
    ({ key, v }) =>
      typeof key === 'string' &&
      ((key === name && part !== undefined && SENT.has(part)) ||
        comesIn(program, v, name, member(program, given, key))),
  );
}
