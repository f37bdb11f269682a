import type { Expr, FunctionFact } from '../model/facts.ts';
import { eachStmt } from './env.ts';

const NAMES = /^(?:url|originalUrl|path|pathname)$/;
const REQUEST = /^_?(?:req|request|ctx|c|context|event)$/;

/** `req.url`, `ctx.path`, `request.nextUrl.pathname`. */
export function isPathMember(e: Expr): boolean {
  if (e.k !== 'mem' || !NAMES.test(e.n)) return false;
  const { o } = e;
  // `new URL(request.url).pathname`, and of a URL that was made before.
  if (e.n === 'pathname') return true;
  return isRequestName(o) || (o.k === 'mem' && /^(?:req(?:uest)?|nextUrl|raw)$/.test(o.n));
}

export function isRequestName(e: Expr): boolean {
  return e.k === 'id' && REQUEST.test(e.n);
}

export function isPathKey(key: unknown): boolean {
  return typeof key === 'string' && NAMES.test(key);
}

/** Whether a constant of a function holds the path: `const { pathname } = request.nextUrl`. */
export function hasPathName(fn: FunctionFact, name: string): boolean {
  let found = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'let' || stmt.kind !== 'const' || !stmt.v) return;
    if (stmt.pat.k === 'pid') found ||= stmt.pat.n === name && isPathMember(stmt.v);
    else if (stmt.pat.k === 'pobj')
      for (const { key, v } of stmt.pat.props)
        found ||=
          v.k === 'pid' &&
          v.n === name &&
          typeof key === 'string' &&
          isPathMember({ k: 'mem', o: stmt.v, n: key, p: stmt.p, np: stmt.p });
  });
  return found;
}
