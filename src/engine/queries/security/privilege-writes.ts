import { wordsOf } from '../../../common/words.ts';
import { callsIn } from '../../link/call-index.ts';
import { eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { classify } from '../../link/guards.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { alternatives, type Env, type FuncValue, spanIn } from '../../link/values.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** What somebody may do, written as the request says, by a handler that asks nobody whether it may. */
export interface PrivilegeWrite {
  readonly field: string;
  readonly source: string;
  readonly span: Span;
}

const FIELD = /^(?:roles?|is_?admin|is_?super_?user|permissions?|privileges?|access_?level|tier)$/i;
const GRANTS = /^(?:grant|assign|set|add|give)(?:Role|Permission|Privilege|Admin|Access)s?$/;
const SENT = new Set(['body', 'query', 'params']);
/** Words of what asks whether somebody may: a call, a name that is tested, a list of what may be given. */
const ASKS = new Set(
  'can may allowed allow authorize authorized permission permissions policy policies ability admin owner role roles access forbidden assignable'.split(
    ' ',
  ),
);

export function privilegeWrites(model: Model): PrivilegeWrite[] {
  const out: PrivilegeWrite[] = [];
  const seen = new Set<FunctionFact>();
  for (const { handler, roles } of handlersOf(model)) {
    if (seen.has(handler.fn) || !model.isJudged(handler.file)) continue;
    seen.add(handler.fn);
    // Whoever gets there may do more than others, or nobody can say.
    if (roles.includes('authorizes') || roles.includes('unknown')) continue;
    const unit = model.program.units.get(handler.file);
    if (!unit || asks(model, unit.env, handler.fn)) continue;
    const env = model.program.staticEnv(unit, handler.fn);
    eachExprIn(handler.fn, e => {
      const found = writeIn(model, env, e);
      if (found) out.push(found);
    });
  }
  return out;
}

/** Handlers with the roles of the steps before them; routes that another one hides are taken as they are registered. */
function handlersOf({
  endpoints,
  program,
}: Model): { readonly handler: FuncValue; readonly roles: readonly string[] }[] {
  const out: { readonly handler: FuncValue; readonly roles: readonly string[] }[] = [];
  for (const { handler, chain } of endpoints)
    if (handler) out.push({ handler, roles: chain.flatMap(({ roles }) => roles) });
  for (const { entries, protocol } of program.routers) {
    if (protocol !== 'http') continue;
    const shared = entries.flatMap(one => (one.k === 'use' ? one.handlers : []));
    for (const entry of entries) {
      const last = entry.k === 'route' ? entry.handlers.at(-1) : undefined;
      if (last?.k !== 'func') continue;
      const steps = [...shared, ...entry.handlers.slice(0, -1)].filter(one => one.k !== 'router');
      out.push({ handler: last, roles: steps.flatMap(step => classify(program, step).roles) });
    }
  }
  return out;
}

function writeIn(model: Model, env: Env, e: Expr): PrivilegeWrite | undefined {
  if (e.k === 'assign' && e.op === '=' && (e.l.k === 'mem' || (e.l.k === 'idx' && e.l.i.k === 'str'))) {
    const field = e.l.k === 'mem' ? e.l.n : e.l.i.k === 'str' ? e.l.i.v : '';
    return FIELD.test(field) ? sentIn(model, env, field, e.r) : undefined;
  }
  if (e.k !== 'call') return undefined;
  const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
  if (GRANTS.test(name))
    for (const arg of e.a) {
      const found = sentIn(model, env, name, arg);
      if (found && FIELD.test(found.source.replace(/^.*\./, ''))) return found;
    }
  if (!/^(?:create|insert|update|upsert|save)/.test(name)) return undefined;
  for (const arg of e.a) {
    const data =
      arg.k === 'obj'
        ? arg.props.flatMap(one => (one.k === 'prop' && one.n === 'data' && one.v.k === 'obj' ? one.v.props : [one]))
        : [];
    for (const one of data)
      if (one.k === 'prop' && FIELD.test(one.n)) {
        const found = sentIn(model, env, one.n, one.v);
        if (found) return found;
      }
  }
  return undefined;
}

function sentIn(model: Model, env: Env, field: string, e: Expr): PrivilegeWrite | undefined {
  const { expr } = definition(model.program, { env, expr: e });
  if (expr.k !== 'mem' && expr.k !== 'id') return undefined;
  const isSent = alternatives(evaluate(model.program, env, e)).some(one =>
    SENT.has(requestOrigin(model.program, one)?.part ?? ''),
  );
  return isSent ? { field, source: textOf(expr), span: spanIn(env, e.p) } : undefined;
}

/** Whether a function calls or tests anything that may decide who may do what. */
function asks(model: Model, outer: Env, fn: FunctionFact): boolean {
  const { unit } = outer;
  const env = model.program.staticEnv(unit, fn);
  for (const { call } of callsIn(fn)) {
    const name = call.f.k === 'mem' || call.f.k === 'id' ? call.f.n : '';
    if (GRANTS.test(name) || /^(?:create|insert|update|save|find)/.test(name)) continue;
    const holder = call.f.k === 'mem' && call.f.o.k === 'id' ? wordsOf(call.f.o.n) : [];
    const isAsking =
      [...wordsOf(name), ...holder].some(word => ASKS.has(word)) ||
      /^(?:includes|has|safeParse|parse|validate)$/.test(name);
    if (
      isAsking &&
      !alternatives(evaluate(model.program, env, call.f)).every(one => one.k === 'func' && saysYes(one.fn))
    )
      return true;
  }
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'bin' && /^[!=]==?$|^in$/.test(e.op) && [e.l, e.r].some(one => names(one) && !isBody(model, env, one)))
      found = true;
    if (e.k === 'cond' && names(e.t)) found = true;
    if (e.k === 'un' && e.op === '!' && names(e.e)) found = true;
  });
  return found;
}

/** `return true`, whatever it is given. */
function saysYes({ body }: FunctionFact): boolean {
  const [only] = body;
  return body.length === 1 && only?.k === 'ret' && only.e?.k === 'bool' && only.e.v;
}

function names(e: Expr): boolean {
  return (e.k === 'id' || e.k === 'mem') && wordsOf(e.n).some(word => ASKS.has(word));
}

function isBody({ program }: Model, env: Env, e: Expr): boolean {
  return SENT.has(requestOrigin(program, evaluate(program, env, e))?.part ?? '');
}

function textOf(e: Expr): string {
  if (e.k === 'mem') return `${textOf(e.o)}.${e.n}`;
  return e.k === 'id' ? e.n : e.k === 'as' ? textOf(e.e) : '…';
}
