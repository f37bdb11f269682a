import type { Expr, FunctionFact } from '../model/facts.ts';
import { bodyMemo } from './kept/fact-memo.ts';
import type { Program } from './program.ts';
import { prune, sliceOf } from './pruned-bodies.ts';
import type { FuncValue } from './values.ts';

const slices = bodyMemo<Map<string, FunctionFact | undefined>>();

/** What a step does for requests of one method: `if (req.method !== 'GET') …` decided; undefined if it does not ask. */
export function forMethod(program: Program, func: FuncValue, method: string): FuncValue | undefined {
  let known = slices.get(func.fn);
  if (!known) {
    known = new Map();
    slices.set(func.fn, known);
  }
  if (!known.has(method)) {
    const body = prune(func.fn.body, e => decide(e, method));
    known.set(method, body === func.fn.body ? undefined : { ...func.fn, body });
  }
  const fn = known.get(method);
  return fn && sliceOf(program, func, fn);
}

/** Whether a condition on nothing but the request's method holds. */
function decide(e: Expr, method: string): boolean | undefined {
  if (e.k === 'bin') {
    if (!isMethod(e.l) || e.r.k !== 'str') return undefined;
    const same = e.r.v.toUpperCase() === method;
    return e.op === '===' || e.op === '==' ? same : e.op === '!==' || e.op === '!=' ? !same : undefined;
  }
  const [asked] = e.k === 'call' ? e.a : [];
  if (e.k !== 'call' || e.f.k !== 'mem' || e.f.n !== 'includes' || e.f.o.k !== 'arr' || !asked || !isMethod(asked))
    return undefined;
  const names = e.f.o.e.map(one => (one.k === 'str' ? one.v.toUpperCase() : undefined));
  return names.includes(undefined) ? undefined : names.includes(method);
}

/** `req.method`, `c.req.method`, `ctx.method`. */
export function isMethod(e: Expr): boolean {
  return e.k === 'mem' && e.n === 'method' && (e.o.k === 'id' || (e.o.k === 'mem' && /^req(?:uest)?$/.test(e.o.n)));
}
