import type { Expr, FunctionFact } from '../model/facts.ts';
import { eachExpr, eachStmt, exprsOf } from './env.ts';

/** The function that lets a request go on. */
export interface GoingOn {
  readonly n: string;
  readonly s: number;
  /** It is a method of the parameter of this name: `opts.next()`. */
  readonly of?: string;
  /** Called with an argument it reports an error instead. */
  readonly takesError: boolean;
}

export function goesOn({ n, s, of }: GoingOn, callee: Expr): boolean {
  const e = of === undefined ? callee : callee.k === 'mem' && callee.n === n ? callee.o : undefined;
  return e?.k === 'id' && e.n === (of ?? n) && e.s === s;
}

/** `({ ctx, next }) => next()` and `opts => opts.next()`. */
function nextOption({ id, params, body }: FunctionFact): GoingOn | undefined {
  const pat = params.length === 1 ? params[0]!.pat : undefined;
  if (pat?.k === 'pobj') {
    const v = pat.props.find(({ key }) => key === 'next')?.v;
    return v?.k === 'pid' ? { n: v.n, s: id, takesError: false } : undefined;
  }
  if (pat?.k !== 'pid') return undefined;
  const option: GoingOn = { n: 'next', s: id, of: pat.n, takesError: false };
  let found = false;
  eachStmt(body, stmt => {
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'call' && goesOn(option, one.f)) found = true;
      });
  });
  return found ? option : undefined;
}

/** How a function lets the request go on, if it is given a function that does. */
export function nextParam(fn: FunctionFact): GoingOn | undefined {
  const option = nextOption(fn);
  if (option) return option;
  const third =
    fn.params[fn.params.length === 4 ? 3 : 2] ??
    (fn.params[1]?.pat.k === 'pid' && fn.params[1].pat.n === 'next' ? fn.params[1] : undefined);
  return third?.pat.k === 'pid' && /next|done|cb|callback/i.test(third.pat.n)
    ? { n: third.pat.n, s: fn.id, takesError: true }
    : undefined;
}
