import { type Reaching, reaching } from '../../flow/findings.ts';
import { callsIn } from '../../link/call-index.ts';
import { eachExpr, eachExprIn, eachStmt } from '../../link/env.ts';
import { optionPlace } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Expr, ExprOf, FunctionFact, Pattern } from '../../model/facts.ts';

/** JSON of a language model of which properties are used although nothing checked that they are there. */
export interface UncheckedAnswer {
  readonly reached: Reaching;
  /** The first property that is used. */
  readonly used: string;
}

/** Names of what looks at a value before it is used; a wrong guess only means silence. */
const CHECKS = /parse|valid|check|assert|ensure|guard|decode|coerce|schema|^is[A-Z]|^has[A-Z]/i;

export function uncheckedAnswers(model: Model): UncheckedAnswer[] {
  return reaching(model, 'parsed', 'model', flow => !hasSchema(model, flow.source.span)).flatMap(reached => {
    const { call } = reached.flow.sink;
    const facts = model.program.units.get(call.file)?.facts;
    for (const fn of facts?.functions ?? [])
      for (const { call: own } of callsIn(fn))
        if (own.p[0] === call.start && own.p[1] === call.end) {
          const used = usedOf(fn, own);
          return used === undefined ? [] : [{ reached, used }];
        }
    return [];
  });
}

/** The model was told a schema for its answer; JSON alone is none. */
function hasSchema(model: Model, { file, start, end }: { file: string; start: number; end: number }): boolean {
  return model.operationsIn(file).some(({ kind, callSpan, args }) => {
    if (kind !== 'llm-call' || callSpan.start < start || callSpan.end > end) return false;
    const options = args['options'];
    if (!options) return false;
    return ['response_format', 'text', 'output_config', 'config', 'tools'].some(name => {
      const place = optionPlace(model.program, { env: options.env, expr: options.expr }, name);
      return place !== undefined && !isPlainJson(place.expr);
    });
  });
}

function isPlainJson(e: Expr): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'str' && /^(?:json_object|text|application\/json)$/.test(one.v)) found = true;
  });
  return found;
}

/** A property that is read from what a call gives, unless something looks at it first. */
function usedOf(fn: FunctionFact, call: ExprOf<'call'>): string | undefined {
  let used: string | undefined;
  eachExprIn(fn, e => {
    if (e.k === 'mem' && plain(e.o) === call) used ??= e.n;
  });
  let bound: Pattern | undefined;
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'let' && stmt.v && plain(stmt.v) === call) bound = stmt.pat;
    if (stmt.k === 'expr' && stmt.e.k === 'assign' && plain(stmt.e.r) === call && stmt.e.l.k === 'pid')
      bound = stmt.e.l;
  });
  if (bound?.k === 'pobj') {
    const [first] = bound.props;
    return used ?? (typeof first?.key === 'string' && !isChecked(fn, namesOf(bound)) ? first.key : undefined);
  }
  if (bound?.k !== 'pid') return used;
  const { n, s } = bound;
  if (isChecked(fn, [n])) return undefined;
  eachExprIn(fn, e => {
    if (e.k === 'mem' && e.o.k === 'id' && e.o.n === n && e.o.s === s) used ??= e.n;
  });
  return used;
}

/** Something tests one of the names, or hands it to what sounds like a check. */
function isChecked(fn: FunctionFact, names: readonly string[]): boolean {
  const mentions = (e: Expr): boolean => {
    let found = false;
    eachExpr(e, one => {
      if (one.k === 'id' && names.includes(one.n)) found = true;
    });
    return found;
  };
  let checked = false;
  eachExprIn(fn, e => {
    if (e.k === 'un' && (e.op === 'typeof' || e.op === '!') && mentions(e.e)) checked = true;
    if (e.k === 'bin' && (e.op === 'in' || e.op === 'instanceof') && mentions(e)) checked = true;
    if (e.k === 'cond' && mentions(e.t)) checked = true;
    if (e.k === 'log' && mentions(e.l)) checked = true;
    if (e.k === 'mem' && e.opt && mentions(e.o)) checked = true;
    if (e.k === 'call' && CHECKS.test(nameOf(e.f)) && nameOf(e.f) !== 'parse' && e.a.some(mentions)) checked = true;
    if (e.k === 'call' && nameOf(e.f) === 'parse' && e.a.some(one => one.k === 'id' && names.includes(one.n)))
      checked = true;
  });
  eachStmt(fn.body, stmt => {
    if ((stmt.k === 'if' && mentions(stmt.t)) || (stmt.k === 'switch' && mentions(stmt.e))) checked = true;
  });
  return checked;
}

function namesOf(pattern: Pattern & { readonly k: 'pobj' }): string[] {
  return pattern.props.flatMap(({ v }) => (v.k === 'pid' ? [v.n] : []));
}

function nameOf(f: Expr): string {
  return f.k === 'mem' || f.k === 'id' ? f.n : '';
}

function plain(e: Expr): Expr {
  return e.k === 'as' || e.k === 'await' ? plain(e.e) : e;
}
