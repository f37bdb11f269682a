import { dependsOnStage } from '../../link/conditions.ts';
import { blocksOf, eachExpr, exprsOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, numberOf, spanIn } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Pattern, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** An answer that says what went wrong inside. */
export interface LeakedError {
  readonly problem: 'stack' | 'whole' | 'message';
  readonly span: Span;
  readonly name: string;
}

const ANSWERS = new Set(['send', 'json', 'html', 'end']);
const ERROR_NAME = /^(?:e|ex|err|error|exception|reason)$/i;

/** Stacks, whole errors and messages of failures that are sent to whoever asked; development only does not count. */
export const leakedErrors: (model: Model) => LeakedError[] = perUnit((model, unit) => {
  const out: LeakedError[] = [];
  for (const fn of unit.facts.functions) {
    const caught = errorsOf(fn);
    if (caught.size === 0) continue;
    let env: Env | undefined;
    const inBody = (body: readonly Stmt[], names: ReadonlySet<string>): void => {
      for (const stmt of body) {
        const spare = new Set<Expr>();
        for (const e of exprsOf(stmt))
          eachExpr(e, one => {
            if (one.k === 'cond' && handsOn(one, names)) eachExpr(one.b, inside => spare.add(inside));
            if (spare.has(one)) return;
            if (one.k !== 'call' || one.f.k !== 'mem' || !one.a.some(arg => mentions(arg, names))) return;
            env ??= model.program.staticEnv(unit, fn);
            const found = judge(model, env, one, names);
            if (found && !dependsOnStage(unit, fn, found.span.start)) out.push(found);
          });
        const inner = stmt.k === 'try' && stmt.param ? new Set([...names, ...namesOf(stmt.param)]) : names;
        for (const block of blocksOf(stmt)) inBody(block, stmt.k === 'try' && block === stmt.handler ? inner : names);
      }
    };
    inBody(fn.body, caught.own);
  }
  return out;
});

/** `next ? next(error) : res.json(error)`: the framework always gives what hands an error on. */
function handsOn({ t, a }: ExprOf<'cond'>, names: ReadonlySet<string>): boolean {
  return (
    t.k === 'id' &&
    a.k === 'call' &&
    a.f.k === 'id' &&
    a.f.n === t.n &&
    a.a.some(arg => arg.k === 'id' && names.has(arg.n))
  );
}

interface Caught {
  /** Names of errors that the function is given. */
  readonly own: ReadonlySet<string>;
  readonly size: number;
}

/** Errors a function knows of: it is given one, as a handler of errors or a callback, or it catches them. */
function errorsOf(fn: FunctionFact): Caught {
  const [first] = fn.params;
  const own = new Set(
    first?.pat.k === 'pid' && ERROR_NAME.test(first.pat.n) && first.t?.n !== 'string' ? [first.pat.n] : [],
  );
  let catches = false;
  const look = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (stmt.k === 'try' && stmt.param) catches = true;
      for (const block of blocksOf(stmt)) look(block);
    }
  };
  look(fn.body);
  return { own, size: own.size + Number(catches) };
}

function judge(
  { program }: Model,
  env: Env,
  call: ExprOf<'call'>,
  names: ReadonlySet<string>,
): LeakedError | undefined {
  const kinds = alternatives(evaluate(program, env, call.f)).map(one =>
    one.k === 'api' ? program.adapters.response(program.adapters.canonical(one.path)) : undefined,
  );
  if (!kinds.some(kind => kind !== undefined && ANSWERS.has(kind))) return undefined;
  const isError = (e: Expr): boolean => e.k === 'id' && names.has(e.n);
  for (const arg of call.a) {
    const stack = find(arg, e => e.k === 'mem' && e.n === 'stack' && isError(e.o));
    if (stack) return { problem: 'stack', span: spanIn(env, stack.p), name: textOf(stack) };
    const whole = isError(arg) ? arg : held(arg, isError);
    if (whole) return { problem: 'whole', span: spanIn(env, whole.p), name: textOf(whole) };
    const status = statusOf(program, env, call);
    const message = find(arg, e => e.k === 'mem' && e.n === 'message' && isError(e.o));
    if (message && status !== undefined && status >= 500)
      return { problem: 'message', span: spanIn(env, message.p), name: textOf(message) };
  }
  return undefined;
}

/** `{ error: err }`, `{ ...err }`, `String(err)`: an error that is written out as a whole. */
function held(e: Expr, isError: (e: Expr) => boolean): Expr | undefined {
  if (e.k !== 'obj') return undefined;
  return e.props.find(prop => isError(prop.v))?.v;
}

/** The status of `res.status(500).json(…)`, if it stands in the same expression. */
function statusOf(program: Model['program'], env: Env, call: ExprOf<'call'>): number | undefined {
  let at: Expr = call.f;
  while (at.k === 'mem' || at.k === 'call') {
    if (at.k === 'call' && at.f.k === 'mem' && /^(?:status|code)$/.test(at.f.n) && at.a[0])
      return numberOf(evaluate(program, env, at.a[0]));
    at = at.k === 'mem' ? at.o : at.f;
  }
  return undefined;
}

function mentions(e: Expr, names: ReadonlySet<string>): boolean {
  return find(e, one => one.k === 'id' && names.has(one.n)) !== undefined;
}

function find(e: Expr, holds: (e: Expr) => boolean): Expr | undefined {
  let found: Expr | undefined;
  eachExpr(e, one => {
    if (!found && holds(one)) found = one;
  });
  return found;
}

function namesOf(pattern: Pattern): readonly string[] {
  return pattern.k === 'pid' ? [pattern.n] : [];
}

function textOf(e: Expr): string {
  return e.k === 'mem' ? `${textOf(e.o)}.${e.n}` : e.k === 'id' ? e.n : 'the error';
}
