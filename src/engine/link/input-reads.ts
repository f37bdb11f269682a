import type { Expr } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import type { Endpoint } from './endpoint.ts';
import { eachExpr, eachStmt, exprsOf, innerFunctions } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { requestOrigin, requestPart } from './request-value.ts';
import { staticEnvOf } from './signals.ts';
import { type Env, spanIn } from './values.ts';

/** What a handler reads of the body, as written in the handler itself. */
export interface BodyReads {
  /** Names of properties, in order; empty where the body is used as a whole. */
  readonly fields: readonly string[];
  readonly first: Span;
  /** It looks at what it got and answers 400 or 422, or throws. */
  readonly checked: boolean;
}

/** Reads of the request's body in an endpoint's handler; undefined if there are none. */
export function bodyReads(program: Program, { handler }: Endpoint): BodyReads | undefined {
  // Decorated parameters are judged by their declared types.
  if (!handler || handler.fn.params.some(param => param.decorators?.length)) return undefined;
  const fields: string[] = [];
  let first: Span | undefined;
  let checked = false;
  const note = (span: Span, name?: string): void => {
    if (!first || span.start < first.start) first = span;
    if (name !== undefined && !fields.includes(name)) fields.push(name);
  };
  const visit = (env: Env): void => {
    eachStmt(env.fn.body, stmt => {
      if (stmt.k === 'throw' || (stmt.k === 'if' && asksAboutBody(program, env, stmt.t))) checked = true;
      if (stmt.k === 'let' && stmt.v && stmt.pat.k === 'pobj') {
        const isBody = requestPart(program, evaluate(program, env, stmt.v)) === 'body';
        for (const { key } of stmt.pat.props) if (isBody && typeof key === 'string') note(spanIn(env, stmt.v.p), key);
      }
      for (const e of exprsOf(stmt))
        eachExpr(e, one => {
          if (one.k === 'num' && (one.v === 400 || one.v === 422)) checked = true;
          if (one.k === 'mem' && one.n === 'body' && requestPart(program, evaluate(program, env, one)) === 'body')
            note(spanIn(env, one.p));
          if (one.k !== 'mem') return;
          const origin = requestOrigin(program, evaluate(program, env, one.o));
          if (origin?.part === 'body' && origin.names.length === 0) note(spanIn(env, one.p), one.n);
        });
    });
    for (const inner of innerFunctions(env.unit.facts, env.fn)) visit(program.staticEnv(env.unit, inner));
  };
  visit(staticEnvOf(program, handler));
  return first ? { fields, first, checked } : undefined;
}

/** `if (isValid(email))`, `if (typeof age !== 'number')`: a condition that hands a field to a check of its own. */
function asksAboutBody(program: Program, env: Env, test: Expr): boolean {
  const isField = (e: Expr): boolean => requestOrigin(program, evaluate(program, env, e))?.part === 'body';
  let found = false;
  eachExpr(test, one => {
    if (one.k === 'call' && one.a.some(isField)) found = true;
    if (one.k === 'un' && one.op === 'typeof' && isField(one.e)) found = true;
  });
  return found;
}
