import { constructorOf } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import { type ApiValue, alternatives, type FuncValue, stringOf, type Value } from '../link/values.ts';
import { type Expr, type ExprOf, GLOBAL } from '../model/facts.ts';
import { applyCall, bindings, substitute } from './apply.ts';
import { apiPathOf, calleesBehind } from './callee.ts';
import { flowOf, property, textOrigins } from './expressions.ts';
import { type Mask, NOTHING } from './kinds.ts';
import { isApi, leaving } from './left.ts';
import { listSinks } from './list-sinks.ts';
import { memberFlow } from './members.ts';
import { PASSES, TEXT_PACKAGES } from './models/calls.ts';
import { LEFT_BY_NAME, PASSES_ON } from './models/left.ts';
import { SANITIZER_NAMES, SANITIZERS } from './models/sanitizers.ts';
import { CALL_SOURCES, type CallSource } from './models/sources.ts';
import { guessedSinks, operationSinks } from './operation-sinks.ts';
import { formatted, passed, texts } from './passes.ts';
import { reach } from './reach.ts';
import { regexSinks } from './regex-sinks.ts';
import { propertyOf } from './registered.ts';
import { runCallbacks } from './run-callbacks.ts';
import { callSinks, packageOf } from './sinks.ts';
import { chosen, sourceOfCall } from './sources.ts';
import { addWrite, isOpen } from './summary.ts';
import {
  ANY,
  asText,
  CLEAN,
  clean,
  isClean,
  join,
  joinAll,
  mapOrigins,
  originOf,
  quotedIn,
  read,
  type Taint,
  taintOf,
} from './taint.ts';
import { setMember } from './targets.ts';
import type { TaughtCall } from './taught.ts';
import { evidence, textOf, type Walk } from './walk.ts';

/** What a call gives, after its effects: sinks it is, functions it runs, values it changes. */
export function callFlow(walk: Walk, e: ExprOf<'call'>): Taint {
  const receiver = receiverOf(walk, e.f);
  const args = e.a.map(arg => flowOf(walk, arg));
  operationSinks(walk, e, args);
  regexSinks(walk, e, receiver, args);
  listSinks(walk, e, receiver);
  if (e.f.k === 'idx' || e.f.k === 'id') reach(walk, e, 'method', '', e.f, calleeFlow(walk, e.f));
  const known = evaluate(walk.program, walk.env, e.f);
  const taught = walk.solver.taught?.at(walk, e, known);
  if (taught) return taughtCall(walk, e, taught, args);
  const callees = alternatives(known).flatMap(calleesBehind).slice(0, 6);
  return joinAll(callees.map(callee => oneCall(walk, e, callee, receiver, args)));
}

/** A function that the settings speak for is not looked into. */
function taughtCall(
  walk: Walk,
  e: ExprOf<'call'>,
  { source, sinks, clean: mask }: TaughtCall,
  args: readonly Taint[],
): Taint {
  for (const { kind, argument } of sinks)
    for (const [position, given] of e.a.entries())
      if (argument === undefined || argument === position) reach(walk, e, kind, '', given, args[position]!);
  if (source) return chosen(walk, e.p, source, 'what it gives', `${textOf(e.f)}()`);
  return mask === 0 ? CLEAN : cleaned(walk, e, joinAll(args), mask);
}

/** Calls that give a function with its first arguments set: those are what it will be called with. */
const PARTIALS = new Set(['lodash.partial', 'lodash/partial', 'underscore.partial', 'ramda.partial']);

function boundFunction(walk: Walk, e: ExprOf<'call'>, [, ...rest]: readonly Taint[]): void {
  const [first, list] = e.a;
  const given = list?.k === 'arr' ? list.e.map((_, at) => read(rest[0] ?? CLEAN, String(at))) : rest;
  for (const callee of first ? alternatives(evaluate(walk.program, walk.env, first)) : [])
    if (callee.k === 'func') applyCall(walk, callee, given, CLEAN, undefined);
}

/** Functions of the language, of Node and of browsers. */
const BUILT_IN =
  /^(?:fetch|require|import|set(?:Timeout|Interval|Immediate)|clear\w+|is(?:NaN|Finite)|alert|confirm|prompt|queueMicrotask|structuredClone|Symbol|Date|RegExp|Promise|Buffer|eval|Function|encodeURI(?:Component)?)$/;

/** An exception of a function that cannot be seen may tell what it was given. */
function mayQuote(walk: Walk, args: readonly Taint[]): void {
  for (const arg of args) if (!isClean(arg)) walk.thrown = join(walk.thrown, quotedIn(arg, 'maybe'));
}

function isTrue(e: Expr | undefined): boolean {
  return e?.k === 'bool' && e.v;
}

/** What a called variable or element holds: a function that somebody else chose by its name. */
function calleeFlow(walk: Walk, f: ExprOf<'idx' | 'id'>): Taint {
  if (f.k === 'id' && f.s !== walk.fn.id) return CLEAN;
  return flowOf(walk, f);
}

function receiverOf(walk: Walk, f: Expr): Taint {
  if (f.k === 'mem') return flowOf(walk, f.o);
  if (f.k === 'idx') {
    flowOf(walk, f.i);
    return flowOf(walk, f.o);
  }
  if (f.k === 'super') return walk.state.vars.get('this') ?? taintOf(originOf({ k: 'this' }));
  if (f.k !== 'id' && f.k !== 'fn') flowOf(walk, f);
  return CLEAN;
}

function oneCall(walk: Walk, e: ExprOf<'call'>, callee: Value, receiver: Taint, args: readonly Taint[]): Taint {
  switch (callee.k) {
    case 'func':
      return funcCall(walk, e, callee, receiver, args);
    case 'class': {
      const ctor = constructorOf(callee);
      if (ctor) return constructed(walk, ctor, args, e);
      // A class without a constructor passes its arguments to its base: `class NotFound extends Error {}`.
      return CLEAN;
    }
    case 'api':
      return apiCall(walk, e, callee, receiver, args);
    default:
      return unknownCall(walk, e, receiver, args);
  }
}

function funcCall(walk: Walk, e: ExprOf<'call'>, callee: FuncValue, receiver: Taint, args: readonly Taint[]): Taint {
  const self = e.f.k === 'id' && callee.fn.kind === 'arrow' ? (walk.state.vars.get('this') ?? receiver) : receiver;
  if (e.new) return constructed(walk, callee, args, e);
  if (walk.closures.has(callee.fn)) walk.closures.set(callee.fn, walk.clock);
  return applyCall(walk, callee, args, self, e);
}

/** `new X(…)`: what its constructor keeps in `this`. */
function constructed(walk: Walk, ctor: FuncValue, args: readonly Taint[], e: ExprOf<'call'>): Taint {
  applyCall(walk, ctor, args, CLEAN, e);
  const summary = walk.solver.summaryOf(ctor);
  const bound = bindings(walk, ctor, args, CLEAN, e);
  const fields = new Map<string, Taint>();
  for (const { root, path, value } of summary.writes) {
    const [name] = path;
    if (root.k !== 'this' || name === undefined || path.length > 1) continue;
    const own = substitute(value, bound);
    if (!isClean(own)) fields.set(name, join(fields.get(name) ?? CLEAN, own));
  }
  return fields.size ? { own: [], fields } : CLEAN;
}

function apiCall(walk: Walk, e: ExprOf<'call'>, callee: ApiValue, receiver: Taint, args: readonly Taint[]): Taint {
  const path = apiPathOf(walk, callee);
  // An instance that is called is not the constructor that made it.
  if (!callee.inst || e.new || callee.path.endsWith(')')) callSinks(walk, e, path, args, receiver);
  // Nothing declares what the method is called on: its name and the text it gets may show what it does.
  if (e.f.k === 'mem' && e.f.o.k === 'id' && e.f.o.s === GLOBAL) guessedSinks(walk, e, e.f.n, args);
  runCallbacks(walk, e, path, args);
  for (const { kind, is } of walk.solver.operationsAt(e)) {
    if (kind === 'llm-call') return chosen(walk, e.p, 'model', 'answer', `${textOf(e.f)}()`);
    if (kind === 'validate' && is['keeps'] === undefined) return CLEAN;
  }
  const row = rowOf(walk, e);
  if (row) return row;
  const sanitized = e.a[1]?.k === 'obj' && isTrue(propertyOf(e.a[1], 'unsafe')) ? NOTHING : SANITIZERS[path];
  if (sanitized !== undefined) return cleaned(walk, e, args[0] ?? CLEAN, sanitized);
  if (path === 'Promise' && e.new) return promised(walk, e);
  const passes = PASSES[path];
  if (passes?.keeps === 'format') return formatted(walk, e, args);
  if (passes) return passed(passes, args);
  if (TEXT_PACKAGES.has(packageOf(path))) return texts(args);
  if (path === 'Object.assign') return assigned(walk, e, args);
  if (PARTIALS.has(path)) {
    boundFunction(walk, e, args);
    return CLEAN;
  }
  if (PASSES_ON.has(path) && e.a.length === 0) walk.passes.push(leaving(walk));
  const byName = LEFT_BY_NAME[path];
  if (byName) return leftByName(walk, e, byName, receiver, args);
  // `context.switchToHttp().getRequest()`
  const made = walk.solver.adapters.canonical(`${callee.path}()`);
  if (!receiver.own.some(isApi) && walk.solver.isRequest(made))
    return taintOf(originOf({ k: 'api', path: made, checked: undefined }));
  const source = CALL_SOURCES[path];
  if (source) return namedElements(walk, e, source);
  if (e.f.k === 'mem') {
    const name = e.f.n;
    const sources = receiver.own.flatMap(origin =>
      origin.root.k === 'api' ? sourceOfCall(walk, origin.root, name, e) : [],
    );
    if (sources.length) return { own: sources, fields: undefined };
    return memberFlow(walk, e, e.f, receiver, args);
  }
  // Nothing declares it, and it is no part of the language.
  if (e.f.k === 'id' && e.f.s === GLOBAL && !e.new && !BUILT_IN.test(e.f.n)) mayQuote(walk, args);
  return CLEAN;
}

/** `c.set('user', …)`, `c.get('user')`: like `c.var.user`. */
function leftByName(
  walk: Walk,
  e: ExprOf<'call'>,
  { member, sets }: (typeof LEFT_BY_NAME)[string],
  receiver: Taint,
  args: readonly Taint[],
): Taint {
  const [key] = e.a;
  const name = key && stringOf(evaluate(walk.program, walk.env, key));
  if (e.f.k !== 'mem' || name === undefined) return CLEAN;
  const { o, p } = e.f;
  const at: Expr = member === undefined ? o : { k: 'mem', o, n: member, p, np: p };
  const whole: ExprOf<'mem'> = { k: 'mem', o: at, n: name, p: e.p, np: p };
  if (sets) setMember(walk, whole, [], args[1] ?? CLEAN, false, whole);
  if (sets) return CLEAN;
  const base = at.k === 'mem' && at !== o ? property(walk, at, receiver, at.n) : receiver;
  return property(walk, whole, base, name);
}

/** Rows that bring a secret along. */
function rowOf(walk: Walk, e: ExprOf<'call'>): Taint | undefined {
  const { secretColumn } = walk.solver;
  if (!secretColumn) return undefined;
  for (const operation of walk.solver.operationsAt(e)) {
    const column = operation.kind === 'db' ? secretColumn(operation) : undefined;
    if (column !== undefined) return chosen(walk, e.p, 'stored', column, textOf(e.f));
  }
  return undefined;
}

function unknownCall(walk: Walk, e: ExprOf<'call'>, receiver: Taint, args: readonly Taint[]): Taint {
  const { f } = e;
  if (f.k === 'idx') {
    const name = stringOf(evaluate(walk.program, walk.env, f.i));
    if (name !== undefined) guessedSinks(walk, e, name, args);
    return CLEAN;
  }
  if (f.k !== 'mem' && f.k !== 'id') return CLEAN;
  if (f.k === 'id') mayQuote(walk, args);
  if (f.k === 'mem') guessedSinks(walk, e, f.n, args);
  noteCallback(walk, f, receiver, args);
  const named = SANITIZER_NAMES.find(([pattern]) => pattern.test(f.n));
  if (named) return cleaned(walk, e, args[0] ?? CLEAN, named[1]);
  return f.k === 'mem' ? memberFlow(walk, e, f, receiver, args) : CLEAN;
}

/** The function calls something it was given. */
function noteCallback(walk: Walk, f: ExprOf<'mem' | 'id'>, receiver: Taint, args: readonly Taint[]): void {
  if (args.every(isClean) || walk.summary.calls.length >= 20) return;
  const callee = f.k === 'id' ? flowOf(walk, f) : property(walk, f, receiver, f.n);
  for (const { root, path, text } of callee.own)
    if (isOpen(root) && !text) walk.summary.calls.push({ root, path, args });
}

export function cleaned(walk: Walk, e: ExprOf<'call'>, taint: Taint, mask: Mask): Taint {
  const by = evidence(walk, e.p, `\`${textOf(e.f)}\` makes it safe`);
  return { own: asText(textOrigins(taint), '', 0).map(origin => clean(origin, mask, by)), fields: undefined };
}

/** A list of things somebody else gave a name. */
function namedElements(walk: Walk, e: ExprOf<'call'>, { part, property: name }: CallSource): Taint {
  const named: Taint = { own: [], fields: new Map([[name, chosen(walk, e.p, 'remote', part, `${textOf(e.f)}()`)]]) };
  return { own: [], fields: new Map([[ANY, named]]) };
}

function assigned(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): Taint {
  const [target, ...sources] = args;
  const value = mapOrigins(joinAll(sources), origin => (origin.picked ? undefined : origin));
  const [first] = e.a;
  // Onto an object of ours: `Object.assign(user, req.body)`.
  if (first && first.k !== 'obj' && first.k !== 'call')
    for (const [position, source] of sources.entries())
      reach(walk, e, 'record', 'Object.assign', e.a[position + 1]!, source);
  if (first && !isClean(value) && target)
    for (const { root, path, text } of target.own)
      if (!text && isOpen(root)) addWrite(walk.summary, { root, path: [...path, ANY], value });
  return join(target ?? CLEAN, value);
}

/** `new Promise(resolve => …)`: what `resolve` is called with. */
function promised(walk: Walk, e: ExprOf<'call'>): Taint {
  const [executor] = e.a;
  const callee = executor && evaluate(walk.program, walk.env, executor);
  if (callee?.k !== 'func') return CLEAN;
  const summary = walk.solver.summaryOf(callee);
  const bound = bindings(walk, callee, [], walk.state.vars.get('this') ?? CLEAN, undefined);
  return joinAll(
    summary.calls
      .filter(({ root }) => root.k === 'param' && root.index === 0)
      .map(({ args }) => substitute(args[0] ?? CLEAN, bound)),
  );
}
