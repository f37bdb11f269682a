import { callsIn } from '../link/call-index.ts';
import { eachExprIn } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import { alternatives, type Env, type FileUnit, type FuncValue, stringOf, type Value } from '../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../model/facts.ts';
import { REGISTRATIONS } from './models/callbacks.ts';

/** A function that was handed to a library, with what the library calls it with. */
export interface Registered {
  readonly func: FuncValue;
  readonly given: readonly (Value | undefined)[];
}

const NAMES = new Set(Object.keys(REGISTRATIONS).map(path => /[\w$]+$/.exec(path)?.[0] ?? path));

/** Functions that a function's calls hand to a library. */
export function registeredIn(program: Program, unit: FileUnit, fn: FunctionFact): Registered[] {
  const out: Registered[] = [];
  for (const { call } of callsIn(fn)) {
    if (!NAMES.has(lastName(call.f))) continue;
    const env = program.staticEnv(unit, fn);
    for (const path of pathsOf(program, env, call)) out.push(...registeredBy(program, env, call, path));
  }
  return out;
}

/** API paths of what is called; a stream that is piped into another is that other one. */
function pathsOf(program: Program, env: Env, { f }: ExprOf<'call'>): readonly string[] {
  if (f.k === 'mem') {
    let target = f.o;
    while (target.k === 'call' && target.f.k === 'mem' && /^(?:on|once)$/.test(target.f.n)) target = target.f.o;
    const into = target.k === 'call' && target.f.k === 'mem' && target.f.n === 'pipe' ? target.a[0] : undefined;
    if (into || target !== f.o)
      return apiPaths(program, evaluate(program, env, into ?? target)).map(path =>
        program.adapters.canonical(`${path}#${f.n}`),
      );
  }
  return apiPaths(program, evaluate(program, env, f));
}

function apiPaths({ adapters }: Program, value: Value): readonly string[] {
  return alternatives(value).flatMap(one => (one.k === 'api' ? [adapters.canonical(one.path)] : []));
}

/** Functions among a call's arguments that the library will call with something of a request. */
export function registeredBy(program: Program, env: Env, call: ExprOf<'call'>, path: string): Registered[] {
  return (REGISTRATIONS[path] ?? []).flatMap(({ arg, property, members, when, unlessReads, params }) => {
    const given = call.a[arg];
    if (!given) return [];
    if (when) {
      const first = call.a[0] && stringOf(evaluate(program, env, call.a[0]));
      if (first === undefined || !when.includes(first)) return [];
    }
    const holder = property === undefined ? given : given.k === 'obj' ? propertyOf(given, property) : undefined;
    const types = params.map((type): Value | undefined => (type ? { k: 'api', path: type, inst: true } : undefined));
    const values = holder ? alternatives(evaluate(program, env, holder)) : [];
    const functions = members ? values.flatMap(one => (one.k === 'object' ? [...one.props.values()] : [])) : values;
    return functions.flatMap(func =>
      func.k === 'func' && !(unlessReads && readsName(func.fn, unlessReads)) ? [{ func, given: types }] : [],
    );
  });
}

export function propertyOf(object: ExprOf<'obj'>, name: string): Expr | undefined {
  for (const prop of object.props) if (prop.k === 'prop' && prop.n === name) return prop.v;
  return undefined;
}

function readsName(fn: FunctionFact, name: string): boolean {
  let found = false;
  eachExprIn(fn, e => {
    found ||= e.k === 'mem' && e.n === name;
  });
  return found;
}

function lastName(f: Expr): string {
  return f.k === 'mem' || f.k === 'id' ? f.n : '';
}
