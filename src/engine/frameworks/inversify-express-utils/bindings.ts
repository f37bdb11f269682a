import { methodOf } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import { member } from '../../link/members.ts';
import type { Program } from '../../link/program.ts';
import { type ApiValue, type Env, UNKNOWN, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import { libraryCalls } from '../shared/library-calls.ts';

const PACKAGE = /^inversify$/;
const GIVEN = new Set(['to', 'toConstantValue', 'toDynamicValue']);

/** What containers of the project give for an identifier, by the identifier's key. */
export type Bindings = ReadonlyMap<unknown, Value>;

/** `container.bind(TYPES.Guard).to(Guard)`, with a class, a constant or a factory; of several nobody can tell. */
export function boundServices(program: Program): Bindings {
  const out = new Map<unknown, Value>();
  for (const { call, env, callee } of libraryCalls(program, PACKAGE, GIVEN, path => path.includes('bind()'))) {
    const key = keyOf(identifierOf(callee));
    if (key === undefined || !call.a[0]) continue;
    out.set(key, out.has(key) ? UNKNOWN : givenBy(program, env, call.a[0]));
  }
  return out;
}

function identifierOf(callee: ApiValue): Value | undefined {
  for (let at: ApiValue | undefined = callee; at; at = at.from)
    if (at.made?.call.f.k === 'mem' && at.made.call.f.n === 'bind') return at.made.args[0];
  return undefined;
}

/** Texts and classes are the same wherever they are written, a symbol is where it was made. */
function keyOf(identifier: Value | undefined): unknown {
  if (identifier?.k === 'const') return identifier.v;
  if (identifier?.k === 'class') return identifier.cls;
  return identifier?.k === 'api' ? identifier.made?.call : undefined;
}

function givenBy(program: Program, env: Env, e: Expr): Value {
  const value = evaluate(program, env, e);
  if (value.k !== 'func') return value;
  program.cells.read(value.fn);
  const [only] = value.fn.body;
  const unit = program.units.get(value.file);
  if (!unit || only?.k !== 'ret' || !only.e) return UNKNOWN;
  return evaluate(program, program.staticEnv(unit, value.fn), only.e);
}

/** The function that a step before a controller stands for: a middleware class, or what its identifier is bound to. */
export function stepFor(program: Program, bindings: Bindings, value: Value): Value {
  const given = value.k === 'func' ? value : (bindings.get(keyOf(value)) ?? value);
  if (given.k === 'class') return methodOf(program, given, 'handler') ?? given;
  if (given.k !== 'instance') return given;
  const handler = member(program, given, 'handler');
  return handler.k === 'func' ? handler : given;
}
