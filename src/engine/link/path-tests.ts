import { calleesOf, callsIn } from './call-index.ts';
import { eachExprIn } from './env.ts';
import type { Program } from './program.ts';
import { staticEnvOf } from './signals.ts';
import type { FuncValue, Value } from './values.ts';

const PATH = /^(?:pathname|path|originalUrl|nextUrl|url)$/;
const DEPTH = 2;

/** Whether a step looks at the request's path, so that what it does may differ from route to route. */
export function readsPath(program: Program, value: Value): boolean {
  const func =
    value.k === 'func' ? value : value.k === 'api' ? value.made?.args.find(arg => arg.k === 'func') : undefined;
  return func?.k === 'func' && reads(program, func, 0, new Set());
}

function reads(program: Program, func: FuncValue, depth: number, seen: Set<FuncValue['fn']>): boolean {
  if (seen.has(func.fn)) return false;
  seen.add(func.fn);
  let found = false;
  eachExprIn(func.fn, e => {
    if (e.k === 'mem' && PATH.test(e.n)) found = true;
  });
  if (found || depth >= DEPTH) return found;
  const env = staticEnvOf(program, func);
  return callsIn(func.fn)
    .flatMap(({ call }) => calleesOf(program, env, call))
    .some(callee => reads(program, callee, depth + 1, seen));
}
