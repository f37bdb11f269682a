import type { FunctionFact } from '../model/facts.ts';
import type { Program } from './program.ts';
import type { FuncValue, Value } from './values.ts';
import { handedOn, settledWrapping, type Wrapping } from './wrappers.ts';

const WRAP_DEPTH = 4;

/** What a framework, or a wrapper between it and a function, calls the function with. */
interface Role {
  readonly params: readonly Value[];
  readonly from: { readonly wrapper: FuncValue; readonly wrapping: Wrapping; readonly before: Role } | undefined;
}

export interface ParamRoles {
  of(fn: FunctionFact): readonly Value[] | undefined;
  give(func: Value, params: readonly Value[]): void;
}

export function createParamRoles(program: Program): ParamRoles {
  const { cells } = program;
  const roles = new Map<FunctionFact, Role>();
  const handed = new Map<Role, readonly Value[]>();

  /** Asked again while it is being worked out (a function that hands itself on), the value is empty. */
  const valuesOf = (role: Role): readonly Value[] => {
    const { from } = role;
    if (!from) return role.params;
    cells.meet(handed, role);
    const known = handed.get(role);
    if (known === UNDER_WAY) cells.cut(handed, role);
    if (known) return known;
    const before = cells.open(handed, role);
    handed.set(role, UNDER_WAY);
    cells.keep(handed, role);
    cells.begin(handed, role);
    const values = handedOn(program, from.wrapper, from.wrapping) ?? valuesOf(from.before);
    cells.end();
    handed.set(role, values);
    cells.close(handed, role, before);
    return values;
  };

  return {
    of(fn) {
      const role = roles.get(fn);
      return role && valuesOf(role);
    },
    give(func, params) {
      let role: Role = { params, from: undefined };
      for (let one: Value | undefined = func, depth = 0; one?.k === 'func' && depth < WRAP_DEPTH; depth++) {
        if (!roles.has(one.fn)) roles.set(one.fn, role);
        const wrapping = settledWrapping(program, one);
        // Each use of a wrapper wraps another function; what it hands on is looked at when somebody asks.
        if (wrapping) role = { params, from: { wrapper: one, wrapping, before: role } };
        one = wrapping?.wrapped;
      }
    },
  };
}

const UNDER_WAY: readonly Value[] = [];
