import type { Expr, Stmt } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { deniesIn } from './refusals.ts';
import { isRequest, requestPart } from './request-value.ts';
import { type ApiValue, alternatives, type Env, type Value } from './values.ts';

/**
 * `if (!req.remoteUser) return res.status(401).end()`, `if (!ctx.isInternal) throw new TRPCError({ code: 'UNAUTHORIZED' })`:
 * who is turned away for what the project itself put onto the request is asked who they are.
 */
export function asksForCaller(program: Program, env: Env, stmt: Stmt): boolean {
  if (stmt.k !== 'if') return false;
  return (
    (tests(program, env, stmt.t, false) && deniesIn(program, env, stmt.a)) ||
    (stmt.b !== undefined && tests(program, env, stmt.t, true) && deniesIn(program, env, stmt.b))
  );
}

/** Whether a condition holds only with, or only without, something of the project's own on the request. */
function tests(program: Program, env: Env, e: Expr, present: boolean): boolean {
  switch (e.k) {
    case 'un':
      return e.op === '!' && tests(program, env, e.e, !present);
    case 'log':
      return tests(program, env, e.l, present) || tests(program, env, e.r, present);
    case 'bin': {
      if (e.r.k !== 'nil') return false;
      const isAbsence = e.op === '===' || e.op === '==';
      return tests(program, env, e.l, isAbsence ? !present : present);
    }
    case 'as':
    case 'await':
      return tests(program, env, e.e, present);
    case 'call':
      // `!req.remoteUser?.isAdminOf(account)` is so without anybody there, too.
      return e.f.k === 'mem' && RIGHTS.test(e.f.n) && tests(program, env, e.f.o, present);
    case 'id':
    case 'mem':
      return present && alternatives(evaluate(program, env, e)).some(value => isOwnOfRequest(program, value));
    default:
      return false;
  }
}

/** `req.claims = read(req); if (!req.claims) return next()`: what a function itself puts onto the request, and finds missing. */
export function isPutOnRequest(program: Program, env: Env, e: Expr): boolean {
  if (e.k !== 'mem' || !alternatives(evaluate(program, env, e)).some(value => isOwnOfRequest(program, value)))
    return false;
  let found = false;
  eachExprIn(env.fn, one => {
    if (one.k === 'assign' && one.l.k === 'mem' && one.l.n === e.n && one.p[0] < e.p[0]) found = true;
  });
  return found;
}

/** What is read from a request, or the context of one, under a name that no framework gives it. */
function isOwnOfRequest(program: Program, value: Value): boolean {
  let at: ApiValue | undefined = value.k === 'api' ? value : undefined;
  for (let depth = 0; at && depth < 4; depth++) {
    const { from }: ApiValue = at;
    if (requestPart(program, at) !== undefined || at.made) return false;
    if (from && isRequest(from)) return !OF_FRAMEWORKS.test(at.path.slice(at.path.lastIndexOf('#') + 1));
    at = from;
  }
  return false;
}

const RIGHTS = /^(?:is|has|can|may)\w*(?:access|admin|allowed|authori[sz]|member|owner|permi|role|root)/i;

const OF_FRAMEWORKS =
  /^(?:app|baseUrl|body\w*|conn(?:ection)?|cookies|ctx|db|env|fields|files?|fresh|geo|headers?|host(?:name)?|https?|id|input|ips?|json|log(?:ger)?|method|nextUrl|originalUrl|params?|path\w*|protocol|query(?:string)?|raw\w*|redis|reply|req(?:uest)?|res(?:ponse)?|route\w*|secure|server|signal|signedCookies|socket|stale|subdomains|text|type|url|valid|xhr)$/;
