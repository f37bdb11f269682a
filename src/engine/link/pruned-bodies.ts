import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import type { Program } from './program.ts';
import { staticEnvOf } from './signals.ts';
import { type FuncValue, UNKNOWN } from './values.ts';

/** Whether a condition on one thing that is known of a request holds; undefined where it asks for more. */
export type Decide = (e: Expr) => boolean | undefined;

/** A body with the conditions decided that can be; the same list if there is none. */
export function prune(body: readonly Stmt[], decide: Decide): readonly Stmt[] {
  const out: Stmt[] = [];
  let changed = false;
  for (const stmt of body) {
    if (stmt.k === 'try') {
      const inner = prune(stmt.body, decide);
      changed ||= inner !== stmt.body;
      out.push(inner === stmt.body ? stmt : { ...stmt, body: inner });
      continue;
    }
    const holds = stmt.k === 'if' ? decided(stmt.t, decide) : undefined;
    if (stmt.k !== 'if' || holds === undefined) {
      out.push(stmt);
      continue;
    }
    changed = true;
    const taken = prune((holds ? stmt.a : stmt.b) ?? [], decide);
    out.push({ k: 'block', body: taken, p: stmt.p });
    if (leaves(taken)) break;
  }
  return changed ? out : body;
}

/** Whether nothing that stands behind a list of statements runs. */
export function leaves(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  return last?.k === 'ret' || last?.k === 'throw' || (last?.k === 'block' && leaves(last.body));
}

/** The outcome of a condition, as far as that of its parts is known. */
export function decided(e: Expr, decide: Decide): boolean | undefined {
  if (e.k === 'un' && e.op === '!') {
    const inner = decided(e.e, decide);
    return inner === undefined ? undefined : !inner;
  }
  if (e.k !== 'log') return decide(e);
  const l = decided(e.l, decide);
  const r = decided(e.r, decide);
  if (e.op === '&&') return l === false || r === false ? false : l && r ? true : undefined;
  return e.op === '||' ? (l || r ? true : l === false && r === false ? false : undefined) : undefined;
}

/** The function with such a body, called with what the whole one is called with. */
export function sliceOf(program: Program, func: FuncValue, fn: FunctionFact): FuncValue {
  const slice: FuncValue = { ...func, fn };
  const env = staticEnvOf(program, func);
  program.giveParams(
    slice,
    fn.params.map((_, position) => program.paramRole(env, position) ?? UNKNOWN),
  );
  return slice;
}
