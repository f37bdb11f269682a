import type { Expr, Stmt } from '../model/facts.ts';
import { eachStmt } from './env.ts';
import { evaluate } from './evaluate.ts';
import { stopsAnonymous } from './guard-paths.ts';
import type { Program } from './program.ts';
import { requestOrigin } from './request-value.ts';
import { staticEnvOf } from './signals.ts';
import type { Env, FuncValue } from './values.ts';

/**
 * Whether callers choose by what they send if a handler asks who they are: `if (input.token) return byToken(…)` above
 * `if (!user) throw …`, or that question only where the input says so. Whatever else such a way asks for, it is another proof.
 */
export function isAskedByChoice(program: Program, func: FuncValue): boolean {
  const env = staticEnvOf(program, func);
  let another = false;
  for (const stmt of func.fn.body) {
    if (stopsAnonymous(program, env, stmt)) return another;
    if (stmt.k === 'try' || stmt.k === 'block' || stmt.k === 'loop' || stmt.k === 'switch') return false;
    if (stmt.k !== 'if' || stmt.b || !isChoice(program, env, stmt.t)) continue;
    if (asksWho(program, env, stmt.a)) return stmt.a.at(-1)?.k === 'ret';
    if (answersWell(stmt.a.at(-1))) another = true;
  }
  return false;
}

function asksWho(program: Program, env: Env, body: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(body, stmt => {
    found ||= stopsAnonymous(program, env, stmt);
  });
  return found;
}

/** `return await find(…)`, `return { data }`; what has a status may be an error. */
function answersWell(stmt: Stmt | undefined): boolean {
  const e = stmt?.k === 'ret' ? stmt.e : undefined;
  return e?.k === 'await' ? e.e.k === 'call' && e.e.f.k === 'id' : e?.k === 'obj';
}

/** `if (token)`, `if (access.type === 'user')`: nothing but what the caller sent. */
function isChoice(program: Program, env: Env, e: Expr): boolean {
  if (e.k === 'bin') return (e.op === '===' || e.op === '==') && e.r.k === 'str' && isChoice(program, env, e.l);
  const value = e.k === 'id' || e.k === 'mem' ? evaluate(program, env, e) : undefined;
  const part = value && requestOrigin(program, value)?.part;
  return part === 'body' || part === 'query';
}
