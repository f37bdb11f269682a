import { blocksOf, eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, numberOf, spanIn } from '../../link/values.ts';
import type { Expr, ExprOf, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A failure that is answered with status 200. */
export interface FalseSuccess {
  /** The name of the answering method. */
  readonly span: Span;
  /** The property that says so: `error`, `success`. */
  readonly says: string;
  /** The method that sets a status on the same response; undefined if there is none of that kind. */
  readonly status: string | undefined;
  readonly name: string;
}

/** Answers in catch blocks of handlers that say `error` in the body but nothing in the status. */
export function falseSuccesses({ reached, program, isJudged }: Model): FalseSuccess[] {
  const out: FalseSuccess[] = [];
  for (const [fn, { func }] of reached) {
    if (!isJudged(func.file) || catches(func.env.unit.facts, fn).length === 0) continue;
    const env = staticEnvOf(program, func);
    const inCatches = (body: readonly Stmt[], caught: boolean): void => {
      const setsStatus = caught && body.some(stmt => exprsOf(stmt).some(e => hasStatus(e)));
      for (const stmt of body) {
        if (caught && !setsStatus)
          for (const e of exprsOf(stmt))
            eachExpr(e, one => {
              const found = one.k === 'call' ? answer(env, one, fn.name) : undefined;
              if (found) out.push(found);
            });
        if (stmt.k === 'try') {
          inCatches(stmt.body, caught);
          inCatches(stmt.handler ?? [], true);
          inCatches(stmt.fin ?? [], caught);
        } else for (const block of blocksOf(stmt)) inCatches(block, caught && !setsStatus);
      }
    };
    const answer = (scope: Env, call: ExprOf<'call'>, name: string): FalseSuccess | undefined => {
      if (call.f.k !== 'mem' || hasStatus(call) || call.a.length !== 1) return undefined;
      const callee = evaluate(program, scope, call.f);
      if (callee.k !== 'api') return undefined;
      const path = program.adapters.canonical(callee.path);
      const kind = program.adapters.response(path);
      if (kind !== 'json' && kind !== 'send') return undefined;
      const says = saysError(scope, call.a[0]!);
      if (!says) return undefined;
      const owner = path.slice(0, path.lastIndexOf('#'));
      const status = ['status', 'code'].find(one => program.adapters.response(`${owner}#${one}`) === 'status');
      return { span: spanIn(scope, call.f.np), says, status, name };
    };
    inCatches(fn.body, false);
  }
  return out;

  function saysError(scope: Env, e: Expr): string | undefined {
    if (e.k !== 'obj') return undefined;
    for (const prop of e.props) {
      if (prop.k !== 'prop') continue;
      if (/^errors?$/i.test(prop.n) && prop.v.k !== 'nil' && !(prop.v.k === 'bool' && !prop.v.v)) return prop.n;
      if (/^(?:success|ok)$/i.test(prop.n) && prop.v.k === 'bool' && !prop.v.v) return prop.n;
      if (/^(?:status|statusCode|code)$/.test(prop.n) && (numberOf(evaluate(program, scope, prop.v)) ?? 0) >= 400)
        return prop.n;
    }
    return undefined;
  }
}

const catches = perFunction(fn => {
  const out: Stmt[] = [];
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'try' && stmt.handler) out.push(stmt);
  });
  return out;
});

function hasStatus(e: Expr): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'mem' && /^(?:status|code|sendStatus|writeHead|statusCode)$/.test(one.n)) found = true;
  });
  return found;
}
