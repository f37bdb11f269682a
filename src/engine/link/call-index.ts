import {
  type ClassFact,
  type Expr,
  type ExprOf,
  type FileFacts,
  type FunctionFact,
  MODULE,
  type Stmt,
} from '../model/facts.ts';
import { blocksOf, defaultExport, eachChild, exprsOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import { bodyMemo } from './kept/fact-memo.ts';
import { perFile } from './kept/per-file.ts';
import { instanceMember } from './members.ts';
import type { Arg, ChainedCall, Operation, OperationCall } from './operations.ts';
import type { Program } from './program.ts';
import {
  type ApiValue,
  alternatives,
  type CallSite,
  type ClassValue,
  type Env,
  type FileUnit,
  type FuncValue,
  spanIn,
  type Value,
} from './values.ts';

/** A call as it stands in a function, with how its result is used. */
export interface CallUse {
  readonly call: ExprOf<'call'>;
  readonly use: Operation['use'];
  /** The loop it stands in, if it runs once per round. */
  readonly loop: (Stmt & { k: 'loop' }) | undefined;
  /** Methods called on its result in the same expression, in order: `.where().limit()`. */
  readonly chain: readonly ChainedCall[];
  /** How the result of the whole fluent expression is used. */
  readonly end: Operation['use'];
}

const uses = bodyMemo<readonly CallUse[]>();

/** Every call in a function's own body, nested functions left out. */
export function callsIn(fn: FunctionFact): readonly CallUse[] {
  let found = uses.get(fn);
  if (!found) {
    const out: CallUse[] = [];
    visitBody(fn.body, undefined, out);
    found = out;
    uses.set(fn, found);
  }
  return found;
}

/** A call with the function whose body it stands in. */
export interface PlacedCall {
  readonly fn: FunctionFact;
  readonly used: CallUse;
}

/** The calls of a file that are worth a closer look, by nothing but what they say themselves. */
export function callsWhere(test: (used: CallUse) => boolean): (facts: FileFacts) => readonly PlacedCall[] {
  return perFile(facts => {
    const found = facts.functions.flatMap(fn => callsIn(fn).flatMap(used => (test(used) ? [{ fn, used }] : [])));
    const given = defaultExport(facts);
    if (!given) return found;
    const calls: CallUse[] = [];
    visitExpr(given, 'returned', undefined, calls, [], 'returned');
    const fn = facts.functions[0]!;
    return [...found, ...calls.flatMap(used => (test(used) ? [{ fn, used }] : []))];
  });
}

function visitBody(body: readonly Stmt[], loop: CallUse['loop'], out: CallUse[]): void {
  for (const stmt of body) {
    const inner = stmt.k === 'loop' ? stmt : loop;
    for (const e of exprsOf(stmt))
      visitExpr(e, statementUse(stmt), stmt.k === 'loop' && e !== stmt.of ? inner : loop, out, [], statementUse(stmt));
    for (const block of blocksOf(stmt)) visitBody(block, inner, out);
  }
}

function statementUse(stmt: Stmt): Operation['use'] {
  if (stmt.k === 'ret') return 'returned';
  return stmt.k === 'expr' ? 'dropped' : 'assigned';
}

function visitExpr(
  e: Expr,
  use: Operation['use'],
  loop: CallUse['loop'],
  out: CallUse[],
  chain: readonly ChainedCall[],
  end: Operation['use'],
): void {
  // What is called and what it is called on, in a loop: a fluent chain may be longer than the stack is deep.
  let later: (readonly Expr[])[] | undefined;
  let at = e;
  while (at.k === 'call' || at.k === 'mem') {
    if (at.k === 'call') {
      out.push({ call: at, use, loop, chain, end });
      later ??= [];
      later.push(at.a);
      if (at.f.k !== 'mem') end = 'chained';
      chain = at.f.k === 'mem' ? [{ name: at.f.n, call: at }, ...chain] : NO_CHAIN;
    }
    at = at.k === 'call' ? at.f : at.o;
    use = 'chained';
  }
  if (at.k === 'as') visitExpr(at.e, use, loop, out, chain, end);
  else {
    const inner = useIn(at, use);
    eachChild(at, child => visitExpr(child, inner, loop, out, NO_CHAIN, inner));
  }
  for (const args of later?.reverse() ?? [])
    for (const arg of args) visitExpr(arg, 'argument', loop, out, NO_CHAIN, 'argument');
}

const NO_CHAIN: readonly ChainedCall[] = [];

/** How `e` uses its operands, when `e` itself is used like `use`. */
function useIn(e: Expr, use: Operation['use']): Operation['use'] {
  if (e.k === 'await') return 'awaited';
  if (e.k === 'cond' || e.k === 'seq' || e.k === 'log') return use;
  if (e.k === 'un') return e.op === 'void' ? 'voided' : 'argument';
  return e.k === 'assign' ? 'assigned' : 'argument';
}

interface KeptOperations {
  readonly byOwner: Map<object, readonly Operation[]>;
  /** All of a file, until one of its lists is dropped. */
  readonly byUnit: Map<FileUnit, readonly Operation[]>;
}

const operations = new WeakMap<Program, KeptOperations>();

/** All operations of a file, functions first, then what stands in classes outside of their methods. */
export function operationsOf(program: Program, unit: FileUnit): readonly Operation[] {
  const kept = operations.get(program) ?? { byOwner: new Map(), byUnit: new Map() };
  operations.set(program, kept);
  const { byOwner: known, byUnit } = kept;
  const whole = byUnit.get(unit);
  if (whole) return whole;
  const { cells } = program;
  const listOf = (
    key: FunctionFact | ClassFact,
    fn: FunctionFact,
    calls: () => readonly CallUse[],
  ): readonly Operation[] => {
    const found = known.get(key);
    if (found) return found;
    const before = cells.open(known, key);
    if (fn.id !== MODULE) cells.read(fn);
    const list = operationsIn(program, unit, fn, calls());
    known.set(key, list);
    cells.keep(known, key);
    cells.keep(byUnit, unit);
    cells.leave(before);
    return list;
  };
  const out = unit.facts.functions.flatMap(fn => listOf(fn, fn, () => callsIn(fn)));
  for (const cls of unit.facts.classes) {
    const fn = unit.facts.functions[cls.parent];
    if (fn) out.push(...listOf(cls, fn, () => callsOfClass(cls)));
  }
  byUnit.set(unit, out);
  return out;
}

/** Reads the operations among calls of a function through the adapters. */
function operationsIn(program: Program, unit: FileUnit, fn: FunctionFact, calls: readonly CallUse[]): Operation[] {
  const out: Operation[] = [];
  const read = (used: CallUse): void => {
    const name = lastName(used.call.f);
    const { operationNames } = program.adapters;
    if (name !== undefined && !operationNames.has(name) && !operationNames.has('*')) return;
    const env = program.staticEnv(unit, fn);
    for (const callee of alternatives(evaluate(program, env, used.call.f)))
      if (callee.k === 'api') out.push(...readOperations(program, env, used, callee));
  };
  calls.forEach(read);
  return out;
}

/** Calls in a class outside of its methods: decorators and the values of fields. */
function callsOfClass(cls: ClassFact): readonly CallUse[] {
  const out: CallUse[] = [];
  const visit = (e: Expr): void => visitExpr(e, 'argument', undefined, out, [], 'argument');
  for (const { e } of cls.decorators ?? []) visit(e);
  for (const { init, decorators } of cls.members) {
    if (init) visit(init);
    for (const { e } of decorators ?? []) visit(e);
  }
  return out;
}

function readOperations(program: Program, env: Env, used: CallUse, callee: ApiValue): Operation[] {
  const { call, use, chain, end } = used;
  const path = program.adapters.canonical(callee.path);
  const known = program.adapters.operation(path);
  if (!known) return [];
  const site: CallSite = { file: env.unit.path, call, env, args: [] };
  const given = call.a.some(arg => arg.k === 'spread') ? [] : call.a;
  const view: OperationCall = {
    callee,
    site,
    chain,
    end,
    arg: position => given[position],
    value: position => (given[position] ? evaluate(program, env, given[position]) : undefined),
  };
  const drafts = known.read(view);
  if (!drafts) return [];
  const np = call.f.k === 'mem' ? call.f.np : call.f.p;
  return ('kind' in drafts ? [drafts] : drafts).map(draft => {
    const args: Record<string, Arg> = {};
    for (const [name, expr] of Object.entries(draft.args ?? {})) if (expr) args[name] = toArg(program, env, expr);
    return {
      kind: draft.kind,
      adapter: known.adapter,
      callee: path,
      file: env.unit.path,
      fn: env.fn,
      span: spanIn(env, np),
      callSpan: spanIn(env, call.p),
      site,
      args,
      is: draft.is ?? {},
      use,
      chain,
      end,
    };
  });
}

/** An argument whose value is worked out when somebody asks. */
export function toArg(program: Program, env: Env, expr: Expr): Arg {
  let value: Value | undefined;
  const { cells } = program;
  const { owner } = cells;
  return {
    expr,
    env,
    span: spanIn(env, expr.p),
    get value() {
      if (value) return value;
      const before = owner && cells.enter(owner);
      const now = evaluate(program, env, expr);
      value = now;
      cells.keepForRule(() => {
        value = undefined;
      });
      if (owner) cells.leave(before);
      return now;
    },
  };
}

/** Project functions a call may run: the callee itself, and functions given as arguments. */
export function calleesOf(program: Program, env: Env, call: ExprOf<'call'>): FuncValue[] {
  const out: FuncValue[] = [];
  const add = (value: Value): void => {
    for (const one of alternatives(value)) {
      if (one.k === 'func') out.push(one);
      else if (one.k === 'class' && call.new) {
        const ctor = constructorOf(one);
        if (ctor) out.push(ctor);
      }
    }
  };
  add(evaluate(program, env, call.f));
  for (const arg of call.a) if (arg.k === 'fn' || arg.k === 'id' || arg.k === 'mem') add(evaluate(program, env, arg));
  return out;
}

export function constructorOf(cls: ClassValue): FuncValue | undefined {
  const member = cls.cls.members.find(one => one.kind === 'ctor');
  const fn = member?.f === undefined ? undefined : cls.env.unit.facts.functions[member.f];
  return fn
    ? { k: 'func', file: cls.file, fn, env: cls.env, self: { k: 'instance', of: cls, fields: new Map() } }
    : undefined;
}

/** A method of a class, looked up through its bases. */
export function methodOf(program: Program, cls: ClassValue, name: string): FuncValue | undefined {
  const value = instanceMember(program, { k: 'instance', of: cls, fields: new Map() }, name);
  return value.k === 'func' ? value : undefined;
}

function lastName(e: Expr): string | undefined {
  return e.k === 'mem' ? e.n : e.k === 'id' ? undefined : e.k === 'as' ? lastName(e.e) : undefined;
}
