import { callsIn } from '../../link/call-index.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, eachStmt, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, stringOf, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';

export const INPUT_PARTS = ['params', 'query', 'headers', 'body'] as const;
export type InputPart = (typeof INPUT_PARTS)[number];

/** What a handler reads of its request, as written in the handler itself. */
export interface RequestReads {
  /** Names read from each part, in order of reading; none where a part is only used as a whole. */
  readonly parts: ReadonlyMap<InputPart, ReadonlySet<string>>;
  /** The whole request is handed on: other functions may read any part of it. */
  readonly handedOn: boolean;
}

/** Undefined where the handler is not known. */
export function requestReads(program: Program, { handler }: Endpoint): RequestReads | undefined {
  if (!handler) return undefined;
  const parts = new Map<InputPart, Set<string>>();
  let handedOn = false;
  const note = (value: Value): InputPart | undefined => {
    const origin = requestOrigin(program, value);
    const part = origin && partOf(origin.part);
    if (!part) return undefined;
    const names = parts.get(part) ?? new Set();
    parts.set(part, names);
    const [name] = origin.names;
    if (name !== undefined && /^[\w-]+$/.test(name)) names.add(name);
    return part;
  };
  const read = (env: Env, e: Expr): void => {
    if (e.k !== 'mem' && e.k !== 'call' && e.k !== 'id') return;
    const value = evaluate(program, env, e);
    const part = note(value);
    // `req.get('x-tenant')` reads a name of the part that the call itself stands for.
    const asked = e.k === 'call' && part ? stringOf(evaluateFirst(program, env, e)) : undefined;
    if (asked !== undefined && part) parts.get(part)?.add(asked);
  };
  const visit = (env: Env): void => {
    eachExprIn(env.fn, e => read(env, e));
    eachStmt(env.fn.body, stmt => {
      if (stmt.k !== 'let' || !stmt.v || stmt.pat.k !== 'pobj') return;
      const part = note(evaluate(program, env, stmt.v));
      for (const { key } of stmt.pat.props) if (part && typeof key === 'string') parts.get(part)?.add(key);
    });
    for (const { call } of callsIn(env.fn))
      if (call.a.some(arg => isRequest(program, evaluate(program, env, arg)))) handedOn = true;
    for (const inner of innerFunctions(env.unit.facts, env.fn)) visit(program.staticEnv(env.unit, inner));
  };
  const env = staticEnvOf(program, handler);
  for (const { pat } of handler.fn.params)
    if (pat.k === 'pid') note(evaluate(program, env, { k: 'id', n: pat.n, s: handler.fn.id, p: pat.p }));
  visit(env);
  return { parts, handedOn };
}

function partOf(part: string): InputPart | undefined {
  return part === 'files' ? 'body' : INPUT_PARTS.find(one => one === part);
}

function evaluateFirst(program: Program, env: Env, e: Expr): Value | undefined {
  const first = e.k === 'call' ? e.a[0] : undefined;
  return first && evaluate(program, env, first);
}

/** A request object itself: reading its body would give the request's body. */
function isRequest(program: Program, value: Value): boolean {
  if (value.k !== 'api') return false;
  const path = program.adapters.canonical(value.path);
  return ['#body', '#query', '#params'].some(name => program.adapters.request(path + name) !== undefined);
}
