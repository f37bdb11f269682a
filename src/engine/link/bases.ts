import type { ClassFact } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { type ClassValue, type Env, PENDING, UNKNOWN, type Value } from './values.ts';

/**
 * What a class extends. A base that a call makes (`class Orders extends ServiceOf({ Order })`) is made once: factories
 * of classes fill their prototypes in loops, and every member that is asked for would make it again.
 */
export function createBases(program: Program): (of: ClassValue) => Value | undefined {
  const { cells } = program;
  const made = new Map<Env, Map<ClassFact, Value>>();

  return ({ cls, env }) => {
    if (!cls.ext) return undefined;
    if (cls.ext.k !== 'call') return evaluate(program, env, cls.ext);
    const own = made.get(env) ?? new Map<ClassFact, Value>();
    made.set(env, own);
    cells.meet(own, cls);
    const known = own.get(cls);
    if (known === PENDING) cells.cut(own, cls);
    if (known) return known === PENDING ? UNKNOWN : known;
    const before = cells.open(own, cls);
    own.set(cls, PENDING);
    cells.keep(own, cls);
    cells.begin(own, cls);
    const value = evaluate(program, env, cls.ext);
    cells.end();
    // What start-up has not come to yet may be known later.
    if (program.isBooted || value.k === 'class') own.set(cls, value);
    else own.delete(cls);
    cells.close(own, cls, before);
    return value;
  };
}
