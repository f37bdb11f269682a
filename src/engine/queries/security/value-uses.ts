import { blocksOf, eachChild, eachExprIn, exprsOf, isExpr } from '../../link/env.ts';
import type { FileUnit } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Pattern, Stmt } from '../../model/facts.ts';

/** What a value becomes: a name it is kept under, or an argument it is given as. */
export interface Destination {
  readonly k: 'name' | 'result' | 'argument';
  /** Of the variable, the property or the function that returns it; '' for arguments. */
  readonly name: string;
  /** The whole expression that becomes it. */
  readonly value: Expr;
  readonly fn: FunctionFact;
  readonly call: ExprOf<'call'> | undefined;
}

const HOPS = 4;
/** Calls that give back what they are given, in another form. */
const FORMS = new Set(
  'floor ceil round trunc abs min max String Number BigInt parseInt parseFloat from btoa concat charAt at fromCharCode fromCodePoint substring substr slice join encode fill'.split(
    ' ',
  ),
);
/** Methods whose result says little of the value. */
const TELLS = new Set(
  'test includes startsWith endsWith indexOf lastIndexOf search match forEach then catch'.split(' '),
);
/** Callbacks whose results make up the call's own. */
const MAKERS = new Set(['map', 'from', 'replace', 'replaceAll', 'flatMap', 'reduce']);

/** Where a value goes within its file: through calculations, texts, names, and functions that return it. */
export function destinationsOf(unit: FileUnit, fn: FunctionFact, value: Expr): Destination[] {
  const out: Destination[] = [];
  const seen = new Set<string>();
  follow(unit, fn, value, HOPS, out, seen);
  return out;
}

function follow(
  unit: FileUnit,
  fn: FunctionFact,
  start: Expr,
  hops: number,
  out: Destination[],
  seen: Set<string>,
): void {
  const way = wayTo(fn, start);
  let value = start;
  const add = (k: Destination['k'], name: string, call?: ExprOf<'call'>): void => {
    out.push({ k, name, value, fn, call });
  };
  const rename = (name: string, s: number): void => {
    add('name', name);
    const key = `${s}:${name}`;
    if (hops === 0 || s === -1 || seen.has(key)) return;
    seen.add(key);
    for (const other of unit.facts.functions)
      eachExprIn(other, e => {
        if (e.k === 'id' && e.n === name && e.s === s && !isWritten(other, e))
          follow(unit, other, e, hops - 1, out, seen);
      });
  };
  for (const at of way) {
    if (at.k === 'let') {
      if (at.pat.k === 'pid') rename(at.pat.n, at.pat.s);
      return;
    }
    if (at.k === 'ret') {
      returned(unit, fn, value, hops, out, seen);
      return;
    }
    if (!isNode(at)) return;
    switch (at.k) {
      case 'assign': {
        if (at.r !== value) return;
        const target = at.l;
        if (target.k === 'id') rename(target.n, target.s);
        else if (isExpr(target) && target.k === 'mem') add('name', target.n);
        else if (isExpr(target) && target.k === 'idx' && target.o.k === 'id') rename(target.o.n, target.o.s);
        break;
      }
      case 'obj': {
        const prop = at.props.find(one => one.v === value);
        if (prop?.k === 'prop') add('name', prop.n);
        return;
      }
      case 'call':
        if (at.f === value) break;
        if (at.f.k === 'mem' && ['push', 'unshift'].includes(at.f.n) && at.f.o.k === 'id') {
          rename(at.f.o.n, at.f.o.s);
          return;
        }
        if (!keepsForm(at)) {
          add('argument', '', at);
          return;
        }
        break;
      case 'mem':
        if (TELLS.has(at.n) || at.n === 'length') return;
        break;
      case 'bin':
        if (/^(?:[<>=!]|in)/.test(at.op) && !/^(?:<<|>>)/.test(at.op)) return;
        break;
      case 'un':
        if (at.op === '!' || at.op === 'typeof') return;
        break;
      case 'cond':
        if (at.t === value) return;
        break;
      case 'fn':
      case 'class':
        return;
      default:
        break;
    }
    value = at;
  }
}

/** A result: of a callback, it becomes part of what the call around it gives; of a function, what its callers get. */
function returned(
  unit: FileUnit,
  fn: FunctionFact,
  value: Expr,
  hops: number,
  out: Destination[],
  seen: Set<string>,
): void {
  if (fn.name) out.push({ k: 'result', name: fn.name, value, fn, call: undefined });
  if (hops === 0 || seen.has(`fn:${fn.id}`)) return;
  seen.add(`fn:${fn.id}`);
  const parent = unit.facts.functions[fn.parent];
  if (parent)
    eachExprIn(parent, e => {
      if (e.k === 'call' && e.a.some(one => one.k === 'fn' && one.f === fn.id) && e.f.k === 'mem' && MAKERS.has(e.f.n))
        follow(unit, parent, e, hops - 1, out, seen);
    });
  if (!fn.name || fn.cls !== undefined) return;
  for (const other of unit.facts.functions)
    eachExprIn(other, e => {
      if (e.k === 'call' && e.f.k === 'id' && e.f.n === fn.name && e.f.s === fn.parent)
        follow(unit, other, e, hops - 1, out, seen);
    });
}

function keepsForm({ f }: ExprOf<'call'>): boolean {
  return (f.k === 'mem' || f.k === 'id') && FORMS.has(f.n);
}

/** The nodes around an expression, innermost first, itself left out. */
function wayTo(fn: FunctionFact, target: Expr): (Expr | Stmt)[] {
  const out: (Expr | Stmt)[] = [];
  const inside = ({ p }: Expr | Stmt): boolean => p[0] <= target.p[0] && target.p[1] <= p[1];
  const inExpr = (e: Expr): boolean => {
    if (e === target) return true;
    if (!inside(e)) return false;
    let found = false;
    eachChild(e, child => {
      found ||= inExpr(child);
    });
    if (found) out.push(e);
    return found;
  };
  const inBody = (body: readonly Stmt[]): boolean =>
    body.some(stmt => {
      if (!inside(stmt)) return false;
      const found = exprsOf(stmt).some(inExpr);
      if (found) out.push(stmt);
      return found || blocksOf(stmt).some(inBody);
    });
  inBody(fn.body);
  return out;
}

function isNode(at: Expr | Stmt): at is Expr {
  return ![
    'expr',
    'throw',
    'if',
    'loop',
    'try',
    'switch',
    'block',
    'jump',
    'fndecl',
    'classdecl',
    'let',
    'ret',
  ].includes(at.k);
}

/** Whether a name stands where it is assigned to, not where it is read. */
function isWritten(fn: FunctionFact, name: ExprOf<'id'>): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'assign' && (e.l as Expr | Pattern) === name) found = true;
  });
  return found;
}
