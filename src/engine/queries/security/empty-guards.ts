import type { Model } from '../../link/model.ts';
import type { FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A step that is called a guard and lets everyone pass. */
export interface EmptyGuard {
  readonly name: string;
  /** The name of the function. */
  readonly span: Span;
}

const GUARD =
  /^(?:auth|authenticate|authenticated|authorize|isAuthenticated|isLoggedIn|isAdmin|requireAuth|requireAdmin|requireLogin|requireUser|ensureAuth(?:enticated)?|ensureAdmin|ensureLoggedIn|verifyToken|checkAuth|protect|authMiddleware|authGuard)$/i;

/** Steps before handlers whose only statement calls what comes next. */
export function emptyGuards({ program, isJudged }: Model): EmptyGuard[] {
  const out = new Map<FunctionFact, EmptyGuard>();
  for (const { entries } of program.routers)
    for (const value of entries.flatMap(({ handlers }) => handlers)) {
      if (value.k !== 'func' || !isJudged(value.file) || !GUARD.test(value.fn.name) || !isEmpty(value.fn)) continue;
      const [start, end] = value.fn.np ?? value.fn.p;
      out.set(value.fn, { name: value.fn.name, span: { file: value.file, start, end } });
    }
  return [...out.values()];
}

function isEmpty({ params, body }: FunctionFact): boolean {
  const next = params[2]?.pat;
  const [only] = body;
  if (body.length !== 1 || next?.k !== 'pid') return false;
  const e = only?.k === 'expr' ? only.e : only?.k === 'ret' ? only.e : undefined;
  return e?.k === 'call' && e.f.k === 'id' && e.f.n === next.n && e.a.length === 0;
}
