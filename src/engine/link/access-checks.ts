import type { Expr, ExprOf, Stmt } from '../model/facts.ts';
import { calleesOf, callsIn } from './call-index.ts';
import { bindingsOf, blocksOf, eachExpr, eachExprIn, envOf, innerFunctions } from './env.ts';
import { evaluate } from './evaluate.ts';
import { definition } from './literals.ts';
import type { Program } from './program.ts';
import { deniesIn } from './refusals.ts';
import { requestOrigin } from './request-value.ts';
import { staticEnvOf } from './signals.ts';
import type { Env, FuncValue, Value } from './values.ts';

/** Whether a handler checks callers in a way that proves nothing, though it may well be meant to. */
export function mayRefuse(program: Program, handler: FuncValue): boolean {
  return refusesByObject(program, handler) || comparesSecret(program, handler);
}

/**
 * Whether a handler turns callers away by what a function says of an object they ask for: `if (!(await mayRead(id)))`.
 * Some of them may come without an account, through a link that somebody shared.
 */
function refusesByObject(program: Program, handler: FuncValue): boolean {
  const env = staticEnvOf(program, handler);
  return (
    refusesIn(program, env, handler.fn.body) ||
    innerFunctions(env.unit.facts, handler.fn).some(fn => refusesIn(program, program.staticEnv(env.unit, fn), fn.body))
  );
}

const SECRET = /token|secret|api_?-?key|passcode/i;

/** Whether a handler hands a secret that was sent to a function that compares it with one it knows. */
function comparesSecret(program: Program, handler: FuncValue): boolean {
  const env = staticEnvOf(program, handler);
  return callsIn(handler.fn).some(({ call }) =>
    call.a.some((arg, position) => {
      const origin = requestOrigin(program, evaluate(program, env, arg));
      if (!origin || (origin.part !== 'query' && origin.part !== 'body' && origin.part !== 'params')) return false;
      return origin.names.some(name => SECRET.test(name)) && isCompared(program, env, call, position);
    }),
  );
}

function isCompared(program: Program, env: Env, call: ExprOf<'call'>, position: number): boolean {
  return calleesOf(program, env, call).some(({ fn, file }) => {
    const pattern = fn.params[position]?.pat;
    let found = false;
    const visit = (e: Expr): void => {
      if (pattern?.k !== 'pid' || e.k !== 'bin' || (e.op !== '===' && e.op !== '!==')) return;
      const isGiven = (one: Expr): boolean => one.k === 'id' && one.n === pattern.n && one.s === fn.id;
      const other = isGiven(e.l) ? e.r : isGiven(e.r) ? e.l : undefined;
      if (other?.k === 'id' || other?.k === 'mem' || other?.k === 'call') found = true;
    };
    const unit = program.units.get(file);
    for (const one of [fn, ...(unit ? innerFunctions(unit.facts, fn) : [])]) eachExprIn(one, visit);
    return found;
  });
}

function refusesIn(program: Program, env: Env, body: readonly Stmt[]): boolean {
  return body.some(stmt => {
    if (stmt.k === 'if' && deniesIn(program, env, stmt.a) && asksAboutObject(program, env, stmt.t)) return true;
    return blocksOf(stmt).some(block => refusesIn(program, env, block));
  });
}

/** The answer of a project's function, or of one nobody can see, that is given what was sent. */
function asksAboutObject(program: Program, env: Env, test: Expr): boolean {
  let found = false;
  eachExpr(test, e => {
    if (e.k !== 'id' && e.k !== 'call') return;
    const owner = e.k === 'id' ? envOf(env, e.s) : undefined;
    if (e.k === 'id' && !(owner && bindingsOf(owner.fn).has(e.n))) return;
    const { expr, env: inner } = definition(program, { env, expr: e });
    if (expr.k !== 'call' || evaluate(program, inner, expr.f).k === 'api') return;
    if (expr.a.some(arg => holdsSent(program, evaluate(program, inner, arg)))) found = true;
  });
  return found;
}

function holdsSent(program: Program, value: Value): boolean {
  if (value.k === 'object') return [...value.props.values()].some(one => holdsSent(program, one));
  const part = requestOrigin(program, value)?.part;
  return part === 'params' || part === 'query' || part === 'body';
}
