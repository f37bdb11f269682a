import { eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type Env, type FuncValue } from '../../link/values.ts';
import type { Expr, Stmt } from '../../model/facts.ts';
import { metadataKey } from './metadata.ts';

/** Metadata that decides whether a guard acts on a route at all. */
export interface Gates {
  /** Keys whose presence lets everybody pass: `@Public()`. */
  readonly off: ReadonlySet<string>;
  /** Keys without which the guard lets everybody pass: `@Roles(...)`. */
  readonly on: ReadonlySet<string>;
}

const known = new WeakMap<Program, Map<FuncValue['fn'], Gates>>();

/** Reads `if (isPublic) return true` and `if (!roles) return true` of a guard's `canActivate`. */
export function gatesOf(program: Program, func: FuncValue): Gates {
  const own = known.get(program) ?? new Map<FuncValue['fn'], Gates>();
  known.set(program, own);
  const { cells } = program;
  let gates = own.get(func.fn);
  cells.read(func.fn);
  if (!gates) {
    const before = cells.enterFn(func.fn);
    gates = readGates(program, func);
    own.set(func.fn, gates);
    cells.keep(own, func.fn);
    cells.leave(before);
  }
  return gates;
}

function readGates(program: Program, func: FuncValue): Gates {
  const env = staticEnvOf(program, func);
  const off = new Set<string>();
  const on = new Set<string>();
  const endsOpen = passes(func.fn.body.at(-1));
  eachStmt(func.fn.body, stmt => {
    if (stmt.k === 'ret' && stmt.e?.k === 'log' && stmt.e.op === '||') {
      for (const { key, present } of testsOf(program, env, stmt.e.l)) (present ? off : on).add(key);
    }
    if (stmt.k !== 'if') return;
    const tests = testsOf(program, env, stmt.t);
    if (tests.length === 0) return;
    const first = stmt.a.find(one => one.k === 'ret' || one.k === 'throw');
    if (first && passes(first)) for (const { key, present } of tests) (present ? off : on).add(key);
    else if (endsOpen) for (const { key, present } of tests) (present ? on : off).add(key);
  });
  return { off, on };
}

function passes(stmt: Stmt | undefined): boolean {
  return stmt?.k === 'ret' && stmt.e?.k === 'bool' && stmt.e.v;
}

/** What a condition says about metadata: which key, and whether the condition holds where it is present. */
function testsOf(program: Program, env: Env, e: Expr): { key: string; present: boolean }[] {
  switch (e.k) {
    case 'un':
      return e.op === '!' ? testsOf(program, env, e.e).map(({ key, present }) => ({ key, present: !present })) : [];
    case 'log':
      return [...testsOf(program, env, e.l), ...testsOf(program, env, e.r)];
    case 'bin': {
      const other = e.r.k === 'nil' || e.r.k === 'num' || (e.r.k === 'bool' && !e.r.v) ? e.l : undefined;
      if (other && (e.op === '===' || e.op === '=='))
        return testsOf(program, env, other).map(({ key, present }) => ({ key, present: !present }));
      const side = e.r.k === 'bool' && e.r.v ? e.l : other;
      return side ? testsOf(program, env, side) : [];
    }
    case 'mem':
      if (e.n === 'length') return testsOf(program, env, e.o);
      break;
    case 'await':
    case 'as':
      return testsOf(program, env, e.e);
    default:
      break;
  }
  return alternatives(evaluate(program, env, e)).flatMap(value => {
    if (value.k !== 'api' || !READ.test(value.path)) return [];
    const key = metadataKey(value.made?.args[0]);
    return key === undefined ? [] : [{ key, present: true }];
  });
}

const READ = /^@nestjs\/core\.Reflector#get(?:All|AllAndOverride|AllAndMerge)?\(\)(?:#(?:length|includes\(\)))?$/;
