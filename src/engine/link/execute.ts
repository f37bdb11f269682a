import { type Expr, type ExprOf, GLOBAL, type Pattern, type Stmt } from '../model/facts.ts';
import { itemsOf } from './collections.ts';
import { addTo, eachExpr, envOf, exprsOf, isExpr } from './env.ts';
import { evaluate } from './evaluate.ts';
import { member } from './members.ts';
import type { Program } from './program.ts';
import { type ArrayValue, constant, type Env, numberOf, truthiness, UNKNOWN, union, type Value } from './values.ts';

const UNROLL = 300;

/** How a statement list ended: `returned` only if every way through it leaves the function. */
type Ending = 'through' | 'returned' | 'jumped';

/** What a run collects besides its effects. */
export interface Run {
  readonly returns: Value[];
  /** > 0 inside branches and loops that may not run. */
  conditional: number;
}

/**
 * Runs statements abstractly: both branches of an undecided condition, every element of a known array, one round with
 * unknowns of any other loop. Bounded by the program's step budget.
 */
export function executeBody(program: Program, env: Env, body: readonly Stmt[], run: Run): Ending {
  for (const stmt of body) {
    if (stmt.k === 'fndecl' || stmt.k === 'classdecl') executeStmt(program, env, stmt, run);
  }
  for (const stmt of body) {
    if (program.steps++ > program.stepLimit) return 'returned';
    if (stmt.k === 'fndecl' || stmt.k === 'classdecl') continue;
    const ending = executeStmt(program, env, stmt, run);
    if (ending !== 'through') return ending;
  }
  return 'through';
}

function executeStmt(program: Program, env: Env, stmt: Stmt, run: Run): Ending {
  switch (stmt.k) {
    case 'let':
      if (stmt.v) bindPattern(program, env, stmt.pat, evaluate(program, env, stmt.v));
      return 'through';
    case 'expr':
      evaluate(program, env, stmt.e);
      return 'through';
    case 'ret':
      if (stmt.e) run.returns.push(evaluate(program, env, stmt.e));
      return 'returned';
    case 'throw':
      return 'returned';
    case 'fndecl': {
      const fn = env.unit.facts.functions[stmt.f];
      if (fn) setName(program, env, stmt.n, stmt.s, { k: 'func', file: env.unit.path, fn, env });
      return 'through';
    }
    case 'classdecl': {
      const cls = env.unit.facts.classes[stmt.c];
      if (cls) setName(program, env, stmt.n, stmt.s, { k: 'class', file: env.unit.path, cls, env });
      return 'through';
    }
    case 'if':
      return executeIf(program, env, stmt, run);
    case 'loop':
      executeLoop(program, env, stmt, run);
      return 'through';
    case 'try': {
      const ending = executeBody(program, env, stmt.body, run);
      if (stmt.handler) {
        run.conditional++;
        executeBody(program, env, stmt.handler, run);
        run.conditional--;
      }
      if (stmt.fin) executeBody(program, env, stmt.fin, run);
      return stmt.handler ? 'through' : ending;
    }
    case 'switch': {
      evaluate(program, env, stmt.e);
      run.conditional++;
      for (const one of stmt.cases) executeBody(program, env, one.body, run);
      run.conditional--;
      return 'through';
    }
    case 'block':
      return executeBody(program, env, stmt.body, run);
    case 'jump':
      return 'jumped';
  }
}

function executeIf(program: Program, env: Env, stmt: Stmt & { k: 'if' }, run: Run): Ending {
  const test = truthiness(evaluate(program, env, stmt.t));
  if (test === true) return executeBody(program, env, stmt.a, run);
  if (test === false) return stmt.b ? executeBody(program, env, stmt.b, run) : 'through';
  run.conditional++;
  const { branch } = program;
  program.branch = { outer: branch };
  const a = executeBody(program, env, stmt.a, run);
  program.branch = { outer: branch };
  const b = stmt.b ? executeBody(program, env, stmt.b, run) : 'through';
  program.branch = branch;
  run.conditional--;
  return a !== 'through' && b !== 'through' ? a : 'through';
}

function executeLoop(program: Program, env: Env, stmt: Stmt & { k: 'loop' }, run: Run): void {
  if (stmt.kind === 'of' && stmt.of && stmt.pat) {
    const items = itemsOf(evaluate(program, env, stmt.of));
    if (items && !items.open && items.items.length <= UNROLL) {
      // A copy: the body may add to what it goes over.
      for (const item of [...items.items]) {
        bindPattern(program, env, stmt.pat, item);
        executeBody(program, env, stmt.body, run);
      }
      return;
    }
  }
  if (stmt.kind === 'in' && stmt.of && stmt.pat) {
    const target = evaluate(program, env, stmt.of);
    const keys = target.k === 'object' && !target.open ? [...target.props.keys()] : undefined;
    if (keys && keys.length <= UNROLL) {
      for (const key of keys) {
        bindPattern(program, env, stmt.pat, constant(key));
        executeBody(program, env, stmt.body, run);
      }
      return;
    }
  }
  if (stmt.init) executeBody(program, env, stmt.init, run);
  const counter = countedLoop(program, env, stmt);
  if (counter) {
    for (let at = counter.from; at < counter.to; at++) {
      setName(program, env, counter.name, counter.scope, constant(at));
      executeBody(program, env, stmt.body, run);
    }
    return;
  }
  if (stmt.pat) bindPattern(program, env, stmt.pat, UNKNOWN);
  for (const e of exprsOf(stmt)) eachExpr(e, child => forgetAssigned(program, env, child));
  run.conditional++;
  const { branch } = program;
  program.branch = { outer: branch };
  executeBody(program, env, stmt.body, run);
  program.branch = branch;
  run.conditional--;
}

/** `for (let i = 0; i < list.length; i++)` over something of known length. */
function countedLoop(
  program: Program,
  env: Env,
  { kind, init, t }: Stmt & { k: 'loop' },
): { name: string; scope: number; from: number; to: number } | undefined {
  const first = init?.[0];
  if (
    kind !== 'for' ||
    first?.k !== 'let' ||
    first.pat.k !== 'pid' ||
    !first.v ||
    t?.k !== 'bin' ||
    (t.op !== '<' && t.op !== '<=')
  )
    return undefined;
  if (t.l.k !== 'id' || t.l.n !== first.pat.n) return undefined;
  const from = numberOf(evaluate(program, env, first.v));
  const limit = numberOf(evaluate(program, env, t.r));
  if (from === undefined || limit === undefined) return undefined;
  const to = t.op === '<=' ? limit + 1 : limit;
  return to - from <= UNROLL ? { name: first.pat.n, scope: first.pat.s, from, to } : undefined;
}

/** A variable that a loop's head changes is no longer the constant it was. */
function forgetAssigned(program: Program, env: Env, e: Expr): void {
  if (e.k === 'assign' && e.l.k === 'id') setName(program, env, e.l.n, e.l.s, UNKNOWN);
  if (e.k === 'un' && (e.op === '++' || e.op === '--') && e.e.k === 'id') setName(program, env, e.e.n, e.e.s, UNKNOWN);
}

/** Binds the names of a pattern to the parts of a value. */
export function bindPattern(program: Program, env: Env, pattern: Pattern, value: Value): void {
  if (pattern.k === 'pid') {
    setName(program, env, pattern.n, pattern.s, value);
  } else if (pattern.k === 'pobj') {
    for (const { key, v, d } of pattern.props) {
      let part = typeof key === 'string' ? member(program, value, key) : UNKNOWN;
      if (d && (part.k === 'unknown' || (part.k === 'const' && part.v === undefined)))
        part = part.k === 'unknown' ? union([part, evaluate(program, env, d)]) : evaluate(program, env, d);
      bindPattern(program, env, v, part);
    }
    if (pattern.rest)
      bindPattern(
        program,
        env,
        pattern.rest,
        restOf(
          value,
          pattern.props.map(prop => prop.key),
        ),
      );
  } else if (pattern.k === 'parr') {
    pattern.items.forEach((item, position) => {
      if (item) bindPattern(program, env, item.v, member(program, value, String(position)));
    });
    if (pattern.rest) {
      const items = value.k === 'array' ? value.items.slice(pattern.items.length) : [];
      bindPattern(program, env, pattern.rest, { k: 'array', items, open: value.k !== 'array' || value.open });
    }
  } else {
    assignMember(program, env, pattern.e, value);
  }
}

function restOf(value: Value, taken: readonly (string | Expr)[]): Value {
  if (value.k !== 'object') return UNKNOWN;
  const props = new Map([...value.props].filter(([name]) => !taken.includes(name)));
  return { ...value, props };
}

/** Carries out an assignment expression. */
export function assignTarget(program: Program, env: Env, { l, op }: ExprOf<'assign'>, value: Value): void {
  const next = op === '=' ? value : op === '||=' || op === '??=' ? value : UNKNOWN;
  if (!isExpr(l)) {
    bindPattern(program, env, l, next);
    return;
  }
  if (l.k === 'id') {
    const owner = envOf(env, l.s);
    const before = owner?.vars.get(l.n);
    if (l.s !== env.fn.id) program.effects++;
    const isEmpty = before === undefined || (before.k === 'const' && before.v == null) || before.k === 'unknown';
    setName(program, env, l.n, l.s, program.branch && !isEmpty ? union([before, next]) : next);
  } else {
    assignMember(program, env, l, next);
  }
}

function assignMember(program: Program, env: Env, target: Expr, value: Value): void {
  if (target.k !== 'mem' && target.k !== 'idx') return;
  const object = evaluate(program, env, target.o);
  program.effects++;
  if (target.k === 'mem' && program.cells.mayChange(env.unit.env)) keepCommonJs(env, target, value);
  if (!program.cells.mayChange(object.k === 'func' ? object.env : object.k === 'router' ? object.router : object))
    return;
  const key = target.k === 'mem' ? target.n : keyOf(evaluate(program, env, target.i));
  if (object.k === 'object') {
    if (key === undefined) object.open = true;
    else object.props.set(key, value);
  } else if (object.k === 'instance' && key !== undefined) {
    object.fields.set(key, value);
  } else if (object.k === 'func' && key !== undefined) {
    addTo(object, key, value);
  } else if (object.k === 'array') {
    assignItem(object, key, value);
  } else if (object.k === 'router' && key !== undefined) {
    object.router.notes.set(key, value);
  }
}

/** An array that is written to behind its end, or who knows where, is not known any more. */
function assignItem(array: ArrayValue, key: string | undefined, value: Value): void {
  if (key === undefined || (/^\d+$/.test(key) && Number(key) > array.items.length)) array.open = true;
  else if (/^\d+$/.test(key)) array.items[Number(key)] = value;
}

/** `module.exports = x` and `exports.y = x`: the module's exports, as they stand when it has run. */
function keepCommonJs({ unit }: Env, { o, n }: ExprOf<'mem'>, value: Value): void {
  const isModule = (e: Expr): boolean => e.k === 'id' && e.s === GLOBAL && e.n === 'module';
  if (n === 'exports' && isModule(o)) unit.env.vars.set('export =', value);
  else if (o.k === 'id' && o.s === GLOBAL && o.n === 'exports') unit.env.vars.set(`export ${n}`, value);
  else if (o.k === 'mem' && o.n === 'exports' && isModule(o.o)) unit.env.vars.set(`export ${n}`, value);
}

function keyOf(value: Value): string | undefined {
  return value.k === 'const' && value.v != null ? String(value.v) : undefined;
}

export function setName(program: Program, env: Env, name: string, s: number, value: Value): void {
  const owner = envOf(env, s);
  if (owner && program.cells.mayChange(owner)) owner.vars.set(name, value);
}
