import { callsIn } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Model, Reached } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';

/** Functions in a request's way that call a function by its name. */
export function callersOf(model: Model, fn: FunctionFact): Reached[] {
  const out: Reached[] = [];
  for (const reached of model.reached.values()) {
    for (const { call } of callsIn(reached.func.fn)) {
      const name = call.f.k === 'mem' || call.f.k === 'id' ? call.f.n : undefined;
      if (name !== fn.name) continue;
      const callees = alternatives(evaluate(model.program, staticEnvOf(model.program, reached.func), call.f));
      if (callees.some(one => one.k === 'func' && one.fn === fn)) out.push(reached);
    }
  }
  return out;
}
