import { type CallUse, callsIn, callsWhere } from '../../link/call-index.ts';
import { callbackSite } from '../../link/callbacks.ts';
import { blocksOf, eachExpr, exprsOf, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import type { Model, Reached } from '../../link/model.ts';
import type { Operation, OperationKind } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type FileUnit, type FuncValue, spanIn } from '../../link/values.ts';
import type { FunctionFact, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

const OUTBOUND: readonly OperationKind[] = ['db', 'sql', 'http-request', 'message-publish', 'file-write', 'llm-call'];
/** Methods that make a lazy query run. */
const STARTERS = new Set(['then', 'exec', 'execute', 'run', 'toArray', 'stream', 'cursor', 'save']);
const PROMISED = new Set(['then', 'catch', 'finally']);
const DEPTH = 2;
/** What a parameter is called that gets the answer of an older interface. */
const CALLBACK = /^(?:cb|callback|done|next)$/i;

/** A promise that nobody waits for, in the way of a request or an event. */
export interface Floating {
  readonly span: Span;
  readonly callSpan: Span;
  readonly name: string;
  readonly reached: Reached;
  /** The function it stands in. */
  readonly fn: FunctionFact;
  /** A query that only runs when it is awaited: it never does. */
  readonly never: boolean;
  /** Whether its failure would go unhandled. */
  readonly rejects: boolean;
  readonly voided: boolean;
  /** The outbound call behind it. */
  readonly operation: Operation;
}

export function floatingPromises(model: Model): readonly Floating[] {
  const outbound = new Map<FunctionFact, Operation[]>();
  for (const operation of model.operations(...OUTBOUND)) {
    const { is, kind } = operation;
    if (is['fragment'] || is['sync'] || is['built'] || (kind === 'file-write' && !is['floats'])) continue;
    if (givesToCallback(model.program, operation)) continue;
    const list = outbound.get(operation.fn);
    if (list) list.push(operation);
    else outbound.set(operation.fn, [operation]);
  }
  const packageOf = (file: string): string => model.project.packageOf(file)?.folder ?? '';
  const surviving = new Set(survivors(model).map(packageOf));
  const out: Floating[] = [];
  for (const [fn, reached] of model.reached) {
    const unit = model.program.units.get(reached.func.file);
    if (!unit || !model.isJudged(reached.func.file) || isExecutor(unit, fn)) continue;
    for (const operation of outbound.get(fn) ?? []) {
      const found = dropped(fn, operation);
      if (!found) continue;
      const runs = operation.chain.some(one => STARTERS.has(one.name)) || found.handled;
      const never = operation.is['lazy'] === true && !runs;
      out.push({ ...place(operation), reached, fn, never, rejects: !found.handled, voided: found.voided, operation });
    }
    out.push(...calls(model, fn, reached, outbound));
  }
  return out.map(one => (surviving.has(packageOf(one.span.file)) ? { ...one, rejects: false } : one));
}

/** Files that hear of every rejection nobody handles, and let the process live on. */
function survivors({ program }: Model): readonly string[] {
  return [...program.units.values()].flatMap(unit =>
    listening(unit.facts).flatMap(({ fn, used: { call } }) => {
      const heard = alternatives(evaluate(program, program.staticEnv(unit, fn), call.a[1]!));
      return heard.length > 0 && heard.every(one => one.k === 'func' && !endsProcess(one.fn)) ? [unit.path] : [];
    }),
  );
}

const listening = callsWhere(
  ({ call: { f, a } }) =>
    f.k === 'mem' && LISTENS.test(f.n) && a[0]?.k === 'str' && a[0].v === 'unhandledRejection' && a.length > 1,
);
const LISTENS = /^(?:on|addListener)$/;
/** A handler that calls what ends, or may end, the process, or throws again. */
const ENDS = /exit|kill|abort|shutdown|stop|close|terminate|crash|fatal/i;

function endsProcess(fn: FunctionFact): boolean {
  return throws(fn.body) || callsIn(fn).some(({ call: { f } }) => (f.k === 'id' || f.k === 'mem') && ENDS.test(f.n));
}

/** With a callback, here or at the end of its chain, the old interfaces give no promise. */
function givesToCallback(program: Model['program'], { site, chain }: Operation): boolean {
  const given = [...site.call.a, ...chain.flatMap(({ name, call }) => (PROMISED.has(name) ? [] : call.a))];
  return given.some(
    arg =>
      arg.k === 'fn' ||
      (arg.k === 'id' &&
        (CALLBACK.test(arg.n) || alternatives(evaluate(program, site.env, arg)).some(one => one.k === 'func'))),
  );
}

function place({ span, callSpan, site }: Operation): Pick<Floating, 'span' | 'callSpan' | 'name'> {
  const { f } = site.call;
  return { span, callSpan, name: f.k === 'mem' || f.k === 'id' ? f.n : 'the call' };
}

/** Calls of the project's own async functions that go out. */
function calls(
  { program }: Model,
  fn: FunctionFact,
  reached: Reached,
  outbound: ReadonlyMap<FunctionFact, readonly Operation[]>,
): Floating[] {
  const env = staticEnvOf(program, reached.func);
  return unused(env.unit.facts, fn).flatMap(used => {
    const found = dropped(fn, used);
    if (!found) return [];
    for (const callee of alternatives(evaluate(program, env, used.call.f))) {
      if (callee.k !== 'func' || !callee.fn.async || callee.fn.generator) continue;
      const operation = firstOutbound(program, callee, outbound, 0);
      if (!operation) continue;
      const { f } = used.call;
      return [
        {
          span: spanIn(env, f.k === 'mem' ? f.np : f.p),
          callSpan: spanIn(env, used.call.p),
          name: callee.fn.name || 'the call',
          reached,
          fn,
          never: false,
          rejects: !found.handled && !catchesAll(callee.fn),
          voided: found.voided,
          operation,
        },
      ];
    }
    return [];
  });
}

const unused = perFunction(fn => callsIn(fn).filter(({ end }) => end === 'dropped' || end === 'voided'));

function firstOutbound(
  program: Model['program'],
  func: FuncValue,
  outbound: ReadonlyMap<FunctionFact, readonly Operation[]>,
  depth: number,
): Operation | undefined {
  const [own] = outbound.get(func.fn) ?? [];
  if (own || depth >= DEPTH) return own;
  const env = staticEnvOf(program, func);
  for (const { call, use } of callsIn(func.fn)) {
    if (use !== 'awaited' && use !== 'returned') continue;
    for (const callee of alternatives(evaluate(program, env, call.f))) {
      const found = callee.k === 'func' ? firstOutbound(program, callee, outbound, depth + 1) : undefined;
      if (found) return found;
    }
  }
  return innerFunctions(env.unit.facts, func.fn)
    .map(fn => outbound.get(fn)?.[0])
    .find(one => one !== undefined);
}

function dropped(
  fn: FunctionFact,
  { end, chain }: Pick<CallUse, 'end' | 'chain'>,
): { handled: boolean; voided: boolean } | undefined {
  if (end !== 'dropped' && end !== 'voided') return undefined;
  // In a function without `async`, what follows stands in `.then`: it goes on there.
  if (!fn.async && chain.some(one => one.name === 'then')) return undefined;
  const handled = chain.some(one => one.name === 'catch' || (one.name === 'then' && one.call.a.length > 1));
  return { handled, voided: end === 'voided' };
}

/** `new Promise((resolve, reject) => …)`: the promise around it is what somebody waits for. */
function isExecutor(unit: FileUnit, fn: FunctionFact): boolean {
  const call = callbackSite(unit.facts, fn)?.call;
  return call?.new === true && call.f.k === 'id' && call.f.n === 'Promise';
}

/** Whether all a function does stands in a `try` whose handler does not throw again. */
function catchesAll({ body }: FunctionFact): boolean {
  const acting = body.filter(stmt => stmt.k === 'try' || hasAwait(stmt));
  return acting.length > 0 && acting.every(stmt => stmt.k === 'try' && stmt.handler && !throws(stmt.handler));
}

function hasAwait(stmt: Stmt): boolean {
  let found = false;
  for (const e of exprsOf(stmt))
    eachExpr(e, one => {
      if (one.k === 'await') found = true;
    });
  return found || blocksOf(stmt).some(block => block.some(hasAwait));
}

function throws(body: readonly Stmt[]): boolean {
  return body.some(stmt => stmt.k === 'throw' || blocksOf(stmt).some(throws));
}
