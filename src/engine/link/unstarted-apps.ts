import { type FunctionFact, MODULE } from '../model/facts.ts';
import { calleesOf, callsIn } from './call-index.ts';
import { importedRouters } from './detached.ts';
import type { Program } from './program.ts';
import { type FileUnit, type FuncValue, UNKNOWN } from './values.ts';

interface Candidate {
  readonly unit: FileUnit;
  readonly fn: FunctionFact;
}

/**
 * Functions and constructors that make an application or a router themselves and that nobody was seen to call: one per
 * tenant, one per test, or the product of a library. They are run once with unknown arguments, those first that no other
 * of them calls, so that their routes are mounted where the outermost puts them.
 */
export function runUnstarted(program: Program, wasCalled: (fn: FunctionFact) => boolean): void {
  const candidates = [...program.units.values()].flatMap(unit => candidatesIn(program, unit, wasCalled));
  if (candidates.length === 0) return;
  const inner = new Set(candidates.flatMap(one => calledBy(program, one)));
  const outermost = candidates.filter(({ fn }) => !inner.has(fn));
  for (const { unit, fn } of [...outermost, ...candidates]) if (!wasCalled(fn)) run(program, unit, fn);
}

function candidatesIn(program: Program, unit: FileUnit, wasCalled: (fn: FunctionFact) => boolean): Candidate[] {
  if (program.project.roleOf(unit.path) !== 'source') return [];
  const names = importedRouters(program, unit);
  if (names.size === 0) return [];
  return unit.facts.functions.flatMap(fn => {
    if (fn.id === MODULE || fn.parent !== MODULE || wasCalled(fn)) return [];
    return program.cells.rely(fn, () => makesRouter(program, fn, names)) ? [{ unit, fn }] : [];
  });
}

/** `new Koa()`, `express()`, `express.Router()` in the function's own statements. */
function makesRouter({ adapters }: Program, fn: FunctionFact, names: ReadonlyMap<string, string>): boolean {
  return callsIn(fn).some(({ call: { f } }) => {
    const root = f.k === 'mem' ? f.o : f;
    const path = root.k === 'id' && root.s === MODULE ? names.get(root.n) : undefined;
    if (path === undefined) return false;
    return adapters.buildsRouters(f.k === 'mem' && f.n !== 'default' ? `${path}.${f.n}` : path);
  });
}

function calledBy(program: Program, { unit, fn }: Candidate): FunctionFact[] {
  const env = program.staticEnv(unit, fn);
  return callsIn(fn)
    .flatMap(({ call }) => [call, ...call.a.flatMap(arg => (arg.k === 'call' ? [arg] : []))])
    .flatMap(call => calleesOf(program, env, call))
    .map(callee => callee.fn)
    .filter(other => other !== fn);
}

function run(program: Program, unit: FileUnit, fn: FunctionFact): void {
  const args = fn.params.map(() => UNKNOWN);
  const cls = fn.cls === undefined ? undefined : unit.facts.classes[fn.cls];
  if (fn.kind === 'ctor') {
    if (cls) program.construct({ k: 'class', file: unit.path, cls, env: unit.env }, args, unit.env);
    return;
  }
  const self = program.selfOfMethod(unit, fn);
  const func: FuncValue = { k: 'func', file: unit.path, fn, env: unit.env, ...(self ? { self } : {}) };
  program.callFunction(func, args, unit.env);
}
