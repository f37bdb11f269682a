import { calleesOf, callsIn } from '../link/call-index.ts';
import { innerFunctions } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import { VALIDATING } from '../link/sign-names.ts';
import { staticEnvOf } from '../link/signals.ts';
import type { FileUnit, FuncValue } from '../link/values.ts';
import type { FunctionFact } from '../model/facts.ts';

/** Calls between a wrapper and the schema it asks. */
const DEPTH = 3;
/** What a wrapper was given is not known where it is read: there only its name tells a schema from another parser. */
const SCHEMA = /schema|validator|dto$/i;

/**
 * Whether a handler that nothing was seen to register is handed to a function of the project that asks a schema before
 * it runs it: `route({ body: schema })(async req => …)`.
 */
export function isCheckedByWrapper({ program }: Model, unit: FileUnit, fn: FunctionFact): boolean {
  const outer = unit.facts.functions[fn.parent];
  if (!outer) return false;
  for (const { call } of callsIn(outer)) {
    if (!call.a.some(arg => arg.k === 'fn' && arg.f === fn.id)) continue;
    const env = program.staticEnv(unit, outer);
    return calleesOf(program, env, call).some(wrapper => reachesSchema(program, wrapper, 0, new Set()));
  }
  return false;
}

function reachesSchema(program: Model['program'], func: FuncValue, depth: number, seen: Set<FunctionFact>): boolean {
  if (seen.has(func.fn)) return false;
  seen.add(func.fn);
  program.cells.read(func.fn);
  const env = staticEnvOf(program, func);
  for (const fn of [func.fn, ...innerFunctions(env.unit.facts, func.fn)]) {
    for (const { call } of callsIn(fn)) {
      const { f } = call;
      if (f.k === 'mem' && VALIDATING.test(f.n) && (f.o.k === 'id' || f.o.k === 'mem') && SCHEMA.test(f.o.n))
        return true;
      if (depth < DEPTH && f.k !== 'fn')
        for (const callee of calleesOf(program, fn === func.fn ? env : program.staticEnv(env.unit, fn), call))
          if (reachesSchema(program, callee, depth + 1, seen)) return true;
    }
  }
  return false;
}
