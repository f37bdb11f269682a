import type { FunctionFact } from '../model/facts.ts';
import { callKey } from './call-key.ts';
import { createEnv, eachStmt } from './env.ts';
import { evaluate } from './evaluate.ts';
import { bodyToRun } from './kept/reads.ts';
import type { Program } from './program.ts';
import { isRecursive } from './recursive.ts';
import { constant, type FuncValue, PENDING, UNKNOWN, union, type Value } from './values.ts';

const RETURNS_DEPTH = 8;

/** What functions return that nobody ran: kept by function and `this`, or by the arguments that are known. */
export function createReturns(program: Program): (func: FuncValue, args: readonly Value[]) => Value {
  const { cells } = program;
  const plainly = new Map<object, Map<unknown, Value>>();
  const withArguments = new Map<string, Value>();
  const underWay = new Set<FunctionFact>();
  let depth = 0;

  const valuesIn = ({ file, fn, env, self }: FuncValue, args: readonly Value[] | undefined): Value => {
    const unit = program.units.get(file)!;
    const scope = args || self ? createEnv(unit, fn, env, true, self) : program.staticEnv(unit, fn);
    for (const [position, arg] of args?.entries() ?? []) scope.vars.set(`#${position}`, arg);
    const values: Value[] = [];
    eachStmt(bodyToRun(fn), stmt => {
      if (stmt.k === 'ret' && stmt.e) values.push(evaluate(program, scope, stmt.e));
    });
    return values.length ? union(values) : constant(undefined);
  };

  return (func, args) => {
    const { fn } = func;
    // A function that walks a tree calls itself with other arguments each time, in each of its branches: what it
    // returns for one of them is not asked. By way of other files it is known once it does.
    const isKnown = args.some(arg => arg.k !== 'unknown') && !isRecursive(program.units.get(func.file)!.facts, fn);
    const isWalk = isKnown && underWay.has(fn);
    if (isWalk) cells.limited();
    const isPlain = isWalk || !isKnown;
    let memory: Map<unknown, Value> = withArguments;
    if (isPlain) {
      memory = plainly.get(fn) ?? new Map();
      plainly.set(fn, memory);
    }
    const key = isPlain ? selfKey(program, func.self) : callKey(func, args);
    const known = memory.get(key);
    if (known === PENDING) cells.cut(memory, key);
    if (known) return known === PENDING ? UNKNOWN : known;
    if (depth > RETURNS_DEPTH) {
      cells.limited();
      return UNKNOWN;
    }
    depth++;
    if (isPlain) memory.set(key, PENDING);
    else underWay.add(fn);
    cells.keep(memory, key);
    cells.begin(memory, key);
    const value = valuesIn(func, isPlain ? undefined : args);
    cells.end();
    if (!isPlain) underWay.delete(fn);
    depth--;
    memory.set(key, value);
    return value;
  };
}

/** Equal for values of `this` that differ in nothing but who made them. */
export function selfKey(program: Program, self: Value | undefined): unknown {
  if (self?.k === 'instance' && !program.executed.has(self)) return self.of.cls;
  return self?.k === 'class' ? self.cls : self;
}
