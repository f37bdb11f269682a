import { type Expr, type FileFacts, type FunctionFact, GLOBAL, MODULE, type Stmt } from '../../model/facts.ts';
import { evaluate } from '../evaluate.ts';
import type { Program } from '../program.ts';
import type { FileUnit } from '../values.ts';
import { occurrences } from './occurrences.ts';

/**
 * Whether statements of a function's body leave no trace in a program that carries it out or asks for what it returns:
 * they call nothing but functions of libraries that no adapter knows, and set nothing but variables of their own. `facts`: those the statements are of.
 */
export function isIdle(program: Program, fn: FunctionFact, stmts: readonly Stmt[], facts: FileFacts): boolean {
  const unit = program.units.get(facts.path);
  if (!unit) return false;
  const names: string[] = [];
  const where: Where = { program, unit, fn };
  if (!stmts.every(stmt => isIdleStmt(where, stmt, names))) return false;
  return names.every(name => occurrences(facts, name) === occurrences(stmts, name));
}

interface Where {
  readonly program: Program;
  readonly unit: FileUnit;
  readonly fn: FunctionFact;
}

/** `names` gets the variables that are set. */
function isIdleStmt(where: Where, stmt: Stmt, names: string[]): boolean {
  const areIdle = (list: readonly Stmt[] = []): boolean => list.every(one => isIdleStmt(where, one, names));
  switch (stmt.k) {
    case 'expr':
      return isIdleExpr(where, stmt.e);
    case 'let':
      if (stmt.pat.k !== 'pid' || stmt.pat.s !== where.fn.id) return false;
      names.push(stmt.pat.n);
      return !stmt.v || isIdleExpr(where, stmt.v);
    case 'if':
      return isIdleExpr(where, stmt.t) && areIdle(stmt.a) && areIdle(stmt.b);
    case 'try':
      return !stmt.param && areIdle(stmt.body) && areIdle(stmt.handler) && areIdle(stmt.fin);
    case 'block':
      return areIdle(stmt.body);
    default:
      return false;
  }
}

function isIdleExpr(where: Where, e: Expr): boolean {
  const isIdleOne = (one: Expr): boolean => isIdleExpr(where, one);
  switch (e.k) {
    case 'str':
    case 'num':
    case 'bool':
    case 'nil':
    case 'regex':
    case 'this':
    case 'unk':
      return true;
    case 'id':
      return e.s === where.fn.id || isOutside(where, e);
    case 'mem':
      return isOutside(where, e);
    case 'call':
      return isUnclaimed(where, e.f) && e.a.every(arg => isNoFunction(arg) && isIdleOne(arg));
    case 'tpl':
      return !e.tag && e.parts.every(part => typeof part === 'string' || isIdleOne(part));
    case 'bin':
    case 'log':
      return isIdleOne(e.l) && isIdleOne(e.r);
    case 'cond':
      return isIdleOne(e.t) && isIdleOne(e.a) && isIdleOne(e.b);
    case 'un':
      return e.op !== '++' && e.op !== '--' && isIdleOne(e.e);
    case 'as':
    case 'await':
      return isIdleOne(e.e);
    case 'arr':
      return e.e.every(isIdleOne);
    case 'obj':
      return e.props.every(prop => prop.k === 'prop' && isIdleOne(prop.v));
    default:
      return false;
  }
}

/** A global, something of a package, or a member of it: asking for it makes no module run. */
function isOutside(where: Where, e: Expr): boolean {
  return pathOf(where, e) !== undefined;
}

function pathOf({ program, unit }: Where, e: Expr): string | undefined {
  let root = e;
  while (root.k === 'mem') root = root.o;
  if (root.k !== 'id' || (root.s !== GLOBAL && root.s !== MODULE) || PROJECT.has(root.n)) return undefined;
  if (root.s === MODULE) {
    const { n } = root;
    const fact = unit.facts.imports.find(one => one.local === n);
    if (!fact || program.project.targets.get(unit.path)?.get(fact.module)?.k !== 'package') return undefined;
  }
  const value = evaluate(program, unit.env, e);
  if (value.k === 'env') return `process.env.${value.name}`;
  return value.k === 'api' ? program.adapters.canonical(value.path) : undefined;
}

/** What these give may be the project's own, or they change what they are given. */
const PROJECT = new Set([
  'require',
  'module',
  'exports',
  'globalThis',
  'global',
  'window',
  'Object',
  'Array',
  'Promise',
]);

/** A function of a library that means nothing to any adapter. */
function isUnclaimed(where: Where, f: Expr): boolean {
  const path = pathOf(where, f);
  return path !== undefined && !where.program.adapters.call(path);
}

/** Start-up runs functions that it sees handed to a library. */
function isNoFunction(arg: Expr): boolean {
  return arg.k !== 'id' && arg.k !== 'cond' && arg.k !== 'log' && arg.k !== 'await' && arg.k !== 'as';
}
