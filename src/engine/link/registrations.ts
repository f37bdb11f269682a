import type { Expr, ExprOf } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { callsIn } from './call-index.ts';
import type { Endpoint } from './endpoint.ts';
import { evaluate } from './evaluate.ts';
import { classify } from './guards.ts';
import type { Program } from './program.ts';
import { spanIn } from './values.ts';

/** The call that registers a route, by the span of its method name. */
export function registrationAt(program: Program, { file, start }: Span): ExprOf<'call'> | undefined {
  const facts = program.units.get(file)?.facts;
  for (const fn of facts?.functions ?? []) {
    if (fn.p[0] > start || start > fn.p[1]) continue;
    for (const { call } of callsIn(fn)) if (call.f.k === 'mem' && call.f.np[0] === start) return call;
  }
  return undefined;
}

/** The guard that stands as an argument of a route's registration, as it is written there. */
export function writtenGuard(program: Program, { span }: Endpoint): Span | undefined {
  const call = registrationAt(program, span);
  const unit = program.units.get(span.file);
  if (!call || !unit) return undefined;
  for (const argument of call.a.slice(1, -1)) {
    if (!isPlain(argument)) continue;
    const { roles } = classify(program, evaluate(program, unit.env, argument));
    if (roles.includes('authenticates') && !roles.includes('unknown')) return spanIn(unit.env, argument.p);
  }
  return undefined;
}

/** A name or a call of a name: text that means the same wherever it stands in its module. */
function isPlain(e: Expr): boolean {
  if (e.k === 'id') return e.s === 0;
  if (e.k === 'mem') return isPlain(e.o);
  return e.k === 'call' && isPlain(e.f) && e.a.every(arg => arg.k === 'str' || arg.k === 'obj');
}
