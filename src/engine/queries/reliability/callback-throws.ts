import { callsIn } from '../../link/call-index.ts';
import { blocksOf, eachExpr, exprsOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, type FileUnit, type FuncValue, spanIn } from '../../link/values.ts';
import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** An exception in a function that the event loop calls, with nobody above it. */
export interface CallbackThrow {
  /** What was asked to call back. */
  readonly callee: string;
  /** The call that was given the function. */
  readonly given: Span;
  readonly span: Span;
}

/** Calls of Node that answer to a function later, with no promise in between. */
const LATER =
  /^node:(?:fs\.(?!promises|.*Sync$|create|watch)\w+|dns\.(?!promises|.*Sync$)\w+|child_process\.(?:exec|execFile)|crypto\.(?:randomBytes|pbkdf2|scrypt|randomFill|generateKeyPair|hkdf)|zlib\.(?!create|.*Sync$)\w+)$|^(?:setTimeout|setImmediate|process\.nextTick)$/;
const NAMES =
  /^(?:setTimeout|setImmediate|nextTick|readFile|writeFile|appendFile|stat|lstat|access|mkdir|readdir|unlink|rename|open|read|close|copyFile|rm|rmdir|exec|execFile|randomBytes|pbkdf2|scrypt|lookup|resolve\w*|gzip|gunzip|deflate|inflate)$/;
const DEPTH = 4;

/** Exceptions in callbacks of the standard library that a request leads to: each ends the process. */
export function callbackThrows(model: Model): CallbackThrow[] {
  const out = new Map<string, CallbackThrow>();
  for (const { func } of reachedFunctions(model)) {
    const { unit } = func.env;
    for (const { call, name } of laterCalls(unit.facts, func.fn)) {
      const env = model.program.staticEnv(unit, func.fn);
      const isLater = alternatives(evaluate(model.program, env, call.f)).some(
        one => one.k === 'api' && LATER.test(model.program.adapters.canonical(one.path)),
      );
      if (!isLater) continue;
      for (const arg of call.a)
        for (const one of callbacksOf(model, env, arg))
          for (const span of throwsIn(model, one, 0))
            out.set(`${span.file}:${span.start}`, { callee: name, given: spanIn(env, call.p), span });
    }
  }
  return [...out.values()].sort((a, b) =>
    a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start,
  );
}

const laterCalls = perFunction(fn =>
  callsIn(fn).flatMap(({ call }) =>
    (call.f.k === 'mem' || call.f.k === 'id') && NAMES.test(call.f.n) ? [{ call, name: call.f.n }] : [],
  ),
);

interface Reached {
  readonly func: { readonly fn: FunctionFact; readonly env: { readonly unit: FileUnit } };
}

/** Functions in a request's way, and those written in them. */
function reachedFunctions(model: Model): Reached[] {
  const out: Reached[] = [];
  const seen = new Set<FunctionFact>();
  for (const unit of judgedUnits(model)) {
    const { functions } = unit.facts;
    for (const fn of functions) {
      const isReached = model.reached.has(fn) || (fn.id !== 0 && seen.has(functions[fn.parent]!));
      if (!isReached) continue;
      seen.add(fn);
      out.push({ func: { fn, env: { unit } } });
    }
  }
  return out;
}

function callbacksOf(model: Model, env: Env, arg: Expr): FuncValue[] {
  if (arg.k !== 'fn' && arg.k !== 'id') return [];
  return alternatives(evaluate(model.program, env, arg)).filter(one => one.k === 'func');
}

/** Exceptions that leave a function at once; one that is async gives them to a promise. */
function throwsIn(model: Model, { fn, file }: FuncValue, depth: number): Span[] {
  if (fn.async || fn.generator || depth > DEPTH) return [];
  const out: Span[] = [];
  const unit = model.program.units.get(file);
  model.program.cells.read(fn);
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (stmt.k === 'throw') out.push({ file, start: stmt.p[0], end: stmt.p[1] });
      if (unit && depth < DEPTH)
        for (const e of exprsOf(stmt))
          eachExpr(e, one => {
            if (one.k !== 'call' || one.f.k !== 'id' || one.f.s < 0) return;
            const env = model.program.staticEnv(unit, fn);
            for (const callee of alternatives(evaluate(model.program, env, one.f)))
              if (callee.k === 'func' && callee.fn !== fn) out.push(...throwsIn(model, callee, depth + 1));
          });
      const blocks = stmt.k === 'try' && stmt.handler ? [stmt.handler, stmt.fin ?? []] : blocksOf(stmt);
      for (const block of blocks) visit(block);
    }
  };
  visit(fn.body);
  return out;
}
