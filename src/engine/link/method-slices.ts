import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import { bodyMemo } from './fact-memo.ts';
import type { Program } from './program.ts';
import { staticEnvOf } from './signals.ts';
import { type FuncValue, UNKNOWN } from './values.ts';

const slices = bodyMemo<Map<string, FunctionFact | undefined>>();

/** What a step does for requests of one method: `if (req.method !== 'GET') …` decided; undefined if it does not ask. */
export function forMethod(program: Program, func: FuncValue, method: string): FuncValue | undefined {
  let known = slices.get(func.fn);
  if (!known) {
    known = new Map();
    slices.set(func.fn, known);
  }
  if (!known.has(method)) {
    const body = prune(func.fn.body, method);
    known.set(method, body === func.fn.body ? undefined : { ...func.fn, body });
  }
  const fn = known.get(method);
  if (!fn) return undefined;
  const slice: FuncValue = { ...func, fn };
  const env = staticEnvOf(program, func);
  program.giveParams(
    slice,
    fn.params.map((_, position) => program.paramRole(env, position) ?? UNKNOWN),
  );
  return slice;
}

/** The same list if no condition in it is decided by the method. */
function prune(body: readonly Stmt[], method: string): readonly Stmt[] {
  const out: Stmt[] = [];
  let changed = false;
  for (const stmt of body) {
    const holds = stmt.k === 'if' ? decide(stmt.t, method) : undefined;
    if (stmt.k !== 'if' || holds === undefined) {
      out.push(stmt);
      continue;
    }
    changed = true;
    const taken = prune((holds ? stmt.a : stmt.b) ?? [], method);
    out.push({ k: 'block', body: taken, p: stmt.p });
    const last = taken.at(-1);
    if (last?.k === 'ret' || last?.k === 'throw') break;
  }
  return changed ? out : body;
}

/** Whether a condition on nothing but the request's method holds. */
function decide(e: Expr, method: string): boolean | undefined {
  switch (e.k) {
    case 'un': {
      const inner = e.op === '!' ? decide(e.e, method) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case 'log': {
      const l = decide(e.l, method);
      const r = decide(e.r, method);
      if (e.op === '&&') return l === false || r === false ? false : l && r ? true : undefined;
      return e.op === '||' ? (l || r ? true : l === false && r === false ? false : undefined) : undefined;
    }
    case 'bin': {
      if (!isMethod(e.l) || e.r.k !== 'str') return undefined;
      const same = e.r.v.toUpperCase() === method;
      return e.op === '===' || e.op === '==' ? same : e.op === '!==' || e.op === '!=' ? !same : undefined;
    }
    case 'call': {
      const [asked] = e.a;
      if (e.f.k !== 'mem' || e.f.n !== 'includes' || e.f.o.k !== 'arr' || !asked || !isMethod(asked)) return undefined;
      const names = e.f.o.e.map(one => (one.k === 'str' ? one.v.toUpperCase() : undefined));
      return names.includes(undefined) ? undefined : names.includes(method);
    }
    default:
      return undefined;
  }
}

/** `req.method`, `c.req.method`, `ctx.method`. */
function isMethod(e: Expr): boolean {
  return e.k === 'mem' && e.n === 'method' && (e.o.k === 'id' || (e.o.k === 'mem' && /^req(?:uest)?$/.test(e.o.n)));
}
