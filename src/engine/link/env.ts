import type { Expr, ExprOf, FileFacts, FunctionFact, Pattern, Stmt, TypeRef } from '../model/facts.ts';
import { bodyMemo, headMemo } from './kept/fact-memo.ts';
import { noteBody } from './kept/reads.ts';
import type { Env, FileUnit, FuncValue, Value } from './values.ts';

/** Where a local name gets its value: an initialiser, a path into it, and every later assignment. */
export interface Binding {
  readonly sources: readonly BindingSource[];
  readonly type?: TypeRef;
}

export interface BindingSource {
  readonly from: Expr | undefined;
  /** Steps into `from`: property names, or array positions. */
  readonly path: readonly (string | number)[];
  /** Value when the path is missing. */
  readonly fallback?: Expr;
  /** `for (const x of from)`: an element of it. */
  readonly element?: true;
  readonly fn?: number;
  readonly cls?: number;
}

const bindings = bodyMemo<Map<string, Binding>>();

/** Every name a function's own statements bind, nested functions left out. */
export function bindingsOf(fn: FunctionFact): ReadonlyMap<string, Binding> {
  let found = bindings.get(fn);
  if (!found) {
    found = collect(fn);
    bindings.set(fn, found);
  }
  return found;
}

export function createEnv(
  unit: FileUnit,
  fn: FunctionFact,
  parent: Env | undefined,
  isStatic: boolean,
  self?: Value,
): Env {
  return { unit, fn, vars: new Map(), parent, isStatic, ...(self ? { self } : {}) };
}

export function addedTo({ env, fn }: FuncValue, name: string): Value | undefined {
  return env.added?.get(fn)?.get(name);
}

/** `handler.config = value`. */
export function addTo({ env, fn }: FuncValue, name: string, value: Value): void {
  env.added ??= new Map();
  const own = env.added.get(fn) ?? new Map<string, Value>();
  env.added.set(fn, own.set(name, value));
}

/** The environment of the function that declares a name: `s` of its identifier. */
export function envOf(env: Env, s: number): Env | undefined {
  for (let at: Env | undefined = env; at; at = at.parent) if (at.fn.id === s) return at;
  return undefined;
}

export function selfOf(env: Env): Value | undefined {
  for (let at: Env | undefined = env; at; at = at.parent) {
    if (at.self) return at.self;
    if (at.fn.kind !== 'arrow') return undefined;
  }
  return undefined;
}

const inner = headMemo<ReadonlyMap<number, readonly FunctionFact[]>>();

/** The functions written directly inside a function. */
export function innerFunctions(facts: FileFacts, fn: FunctionFact): readonly FunctionFact[] {
  noteBody(fn);
  let byParent = inner.get(facts);
  if (!byParent) {
    const map = new Map<number, FunctionFact[]>();
    for (const one of facts.functions) {
      const list = map.get(one.parent);
      if (list) list.push(one);
      else map.set(one.parent, [one]);
    }
    byParent = map;
    inner.set(facts, byParent);
  }
  return byParent.get(fn.id) ?? [];
}

function collect(fn: FunctionFact): Map<string, Binding> {
  const out = new Map<string, { sources: BindingSource[]; type?: TypeRef }>();
  const add = (name: string, source: BindingSource, type?: TypeRef): void => {
    const known = out.get(name);
    if (known) known.sources.push(source);
    else out.set(name, { sources: [source], ...(type ? { type } : {}) });
  };
  const bind = (pattern: Pattern, source: BindingSource, type?: TypeRef): void => {
    if (pattern.k === 'pid') {
      if (pattern.s === fn.id) add(pattern.n, source, type);
    } else if (pattern.k === 'pobj') {
      for (const { key, v, d } of pattern.props) {
        if (typeof key === 'string') bind(v, { ...source, path: [...source.path, key], ...(d ? { fallback: d } : {}) });
        else bind(v, { from: undefined, path: [] });
      }
      if (pattern.rest) bind(pattern.rest, source.path.length ? { from: undefined, path: [] } : source);
    } else if (pattern.k === 'parr') {
      pattern.items.forEach((item, index) => {
        if (item) bind(item.v, { ...source, path: [...source.path, index], ...(item.d ? { fallback: item.d } : {}) });
      });
      if (pattern.rest) bind(pattern.rest, { from: undefined, path: [] });
    }
  };
  const inExpr = (e: Expr): void => {
    if (e.k === 'assign') {
      const target = e.l;
      if (target.k === 'id' && target.s === fn.id)
        add(target.n, { from: e.op === '=' || e.op === '??=' || e.op === '||=' ? e.r : undefined, path: [] });
      else if (target.k === 'pobj' || target.k === 'parr') bind(target, { from: e.r, path: [] });
    }
    eachChild(e, inExpr);
  };
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'let' && (stmt.v || stmt.kind === 'const' || stmt.t))
      bind(stmt.pat, { from: stmt.v, path: [] }, stmt.t);
    else if (stmt.k === 'fndecl' && stmt.s === fn.id) add(stmt.n, { from: undefined, path: [], fn: stmt.f });
    else if (stmt.k === 'classdecl' && stmt.s === fn.id) add(stmt.n, { from: undefined, path: [], cls: stmt.c });
    else if (stmt.k === 'loop' && stmt.pat)
      bind(stmt.pat, { from: stmt.kind === 'of' ? stmt.of : undefined, path: [], element: true });
    else if (stmt.k === 'try' && stmt.param) bind(stmt.param, { from: undefined, path: [] });
    for (const e of exprsOf(stmt)) inExpr(e);
  });
  return out;
}

/** Visits statements of a body, nested blocks included, functions left out. */
export function eachStmt(body: readonly Stmt[], visit: (stmt: Stmt) => void): void {
  for (const stmt of body) {
    visit(stmt);
    for (const block of blocksOf(stmt)) eachStmt(block, visit);
  }
}

/** The statement lists directly inside a statement. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.k) {
    case 'if':
      return stmt.b ? [stmt.a, stmt.b] : [stmt.a];
    case 'loop':
      return stmt.init ? [stmt.init, stmt.body] : [stmt.body];
    case 'try':
      return [stmt.body, stmt.handler ?? [], stmt.fin ?? []];
    case 'switch':
      return stmt.cases.map(one => one.body);
    case 'block':
      return [stmt.body];
    default:
      return [];
  }
}

/** The expressions directly in a statement, nested statements left out. */
export function exprsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.k) {
    case 'let':
      return stmt.v ? [stmt.v] : [];
    case 'expr':
    case 'throw':
      return [stmt.e];
    case 'ret':
      return stmt.e ? [stmt.e] : [];
    case 'if':
      return [stmt.t];
    case 'loop':
      return [stmt.of, stmt.t, stmt.step].filter(e => e !== undefined);
    case 'switch':
      return [stmt.e, ...stmt.cases.flatMap(one => (one.t ? [one.t] : []))];
    default:
      return [];
  }
}

/**
 * Visits an expression's direct operands; function and class bodies are not operands. `passed` is handed on, so that a
 * walk over every expression makes no function per node.
 */
export function eachChild(e: Expr, visit: (child: Expr) => void): void;
export function eachChild<T>(e: Expr, visit: (child: Expr, passed: T) => void, passed: T): void;
export function eachChild<T>(e: Expr, visit: (child: Expr, passed: T) => void, passed?: T): void {
  const go = visit as Visit<T>;
  switch (e.k) {
    case 'tpl':
      eachPart(e.parts, go, passed);
      if (e.tag) go(e.tag, passed);
      break;
    case 'mem':
      go(e.o, passed);
      break;
    case 'idx':
      go(e.o, passed);
      go(e.i, passed);
      break;
    case 'call':
      go(e.f, passed);
      eachOf(e.a, go, passed);
      break;
    case 'obj':
      eachValue(e.props, go, passed);
      break;
    case 'arr':
    case 'seq':
    case 'jsx':
      eachOf(e.e, go, passed);
      break;
    case 'spread':
    case 'await':
    case 'un':
    case 'as':
    case 'import':
      go(e.e, passed);
      break;
    case 'yield':
      if (e.e) go(e.e, passed);
      break;
    case 'bin':
    case 'log':
      go(e.l, passed);
      go(e.r, passed);
      break;
    case 'cond':
      go(e.t, passed);
      go(e.a, passed);
      go(e.b, passed);
      break;
    case 'assign':
      if (isExpr(e.l)) go(e.l, passed);
      go(e.r, passed);
      break;
    default:
      break;
  }
}

type Visit<T> = (child: Expr, passed: T | undefined) => void;

// Loops in functions of their own: each takes room in the frame of `eachChild`, of which long chains need thousands.

function eachOf<T>(list: readonly Expr[], go: Visit<T>, passed: T | undefined): void {
  for (const one of list) go(one, passed);
}

function eachPart<T>(parts: ExprOf<'tpl'>['parts'], go: Visit<T>, passed: T | undefined): void {
  for (const part of parts) if (typeof part !== 'string') go(part, passed);
}

function eachValue<T>(props: ExprOf<'obj'>['props'], go: Visit<T>, passed: T | undefined): void {
  for (const prop of props) {
    if (prop.k === 'computed') go(prop.n, passed);
    go(prop.v, passed);
  }
}

export function isExpr(node: Expr | Pattern): node is Expr {
  return node.k !== 'pid' && node.k !== 'pobj' && node.k !== 'parr' && node.k !== 'pmem';
}

/** Visits an expression and everything in it, function and class bodies left out. */
export function eachExpr(e: Expr, visit: (e: Expr) => void): void {
  visit(e);
  eachChild(e, eachExpr, visit);
}

/** Visits every expression of a function's own body. */
export function eachExprIn(fn: FunctionFact, visit: (e: Expr) => void): void {
  eachStmt(fn.body, stmt => {
    for (const e of exprsOf(stmt)) eachExpr(e, visit);
  });
}

/** What `export default …` gives and no body holds; `exports.default = …` is a statement as well. */
export function defaultExport({ exports, functions }: FileFacts): Expr | undefined {
  const found = exports.find(one => one.k === 'value' && one.name === 'default');
  if (found?.k !== 'value') return undefined;
  const [start] = found.e.p;
  return functions[0]?.body.some(({ p }) => p[0] <= start && start < p[1]) ? undefined : found.e;
}
