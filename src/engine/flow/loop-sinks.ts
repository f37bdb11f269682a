import { bindingsOf, eachExpr, eachStmt, exprsOf } from '../link/env.ts';
import type { Expr, ExprOf, Stmt } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { reach } from './reach.ts';
import type { Walk } from './walk.ts';

/** A loop that runs as often as an untrusted number says, or as an untrusted object says that it is long. */
export function loopSinks(walk: Walk, loop: Stmt & { k: 'loop' }, test: Expr): void {
  const bound = test.k === 'bin' ? boundOf(test) : undefined;
  if (!bound) return;
  const { e, length } = lengthOf(walk, bound);
  const at = { f: e, p: test.p };
  if (!length) reach(walk, at, 'loop', 'loop', bound, flowOf(walk, bound));
  else if (!stopsEarly(loop, length)) reach(walk, at, 'loop', 'length', length, flowOf(walk, length), { stated: true });
}

/** The side that does not change: `i < n`. */
function boundOf({ op, l, r }: ExprOf<'bin'>): Expr | undefined {
  if (op === '<' || op === '<=' || op === '!==' || op === '!=') return l.k === 'id' ? r : undefined;
  return (op === '>' || op === '>=') && r.k === 'id' ? l : undefined;
}

/** `x.length`, also under a name. */
function lengthOf(walk: Walk, e: Expr): { e: Expr; length?: Expr } {
  if (e.k === 'mem' && e.n === 'length') return { e, length: e.o };
  const sources = e.k === 'id' && e.s === walk.fn.id ? bindingsOf(walk.fn).get(e.n)?.sources : undefined;
  const from = sources?.length === 1 && sources[0]!.path.length === 0 ? sources[0]!.from : undefined;
  return from?.k === 'mem' && from.n === 'length' ? { e: from, length: from.o } : { e };
}

/** Elements that are not there end the loop: their properties are read, or something leaves it. */
function stopsEarly({ body }: Stmt & { k: 'loop' }, list: Expr): boolean {
  let found = false;
  const isElement = (e: Expr): boolean => e.k === 'idx' && e.i.k === 'id' && isSame(e.o, list);
  const names = new Set<string>();
  eachStmt(body, stmt => {
    if (stmt.k === 'ret' || stmt.k === 'throw' || (stmt.k === 'jump' && body.includes(stmt))) found = true;
    if (stmt.k === 'if' && [...stmt.a, ...(stmt.b ?? [])].some(one => one.k === 'jump')) found = true;
    if (stmt.k === 'let' && stmt.v && isElement(stmt.v)) {
      if (stmt.pat.k === 'pid') names.add(stmt.pat.n);
      else found = true;
    }
  });
  eachStmt(body, stmt => {
    for (const one of exprsOf(stmt))
      eachExpr(one, e => {
        if ((e.k === 'mem' || e.k === 'idx') && (isElement(e.o) || (e.o.k === 'id' && names.has(e.o.n)))) found = true;
      });
  });
  return found;
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.k === 'id' && b.k === 'id') return a.n === b.n && a.s === b.s;
  return a.k === 'mem' && b.k === 'mem' && a.n === b.n && isSame(a.o, b.o);
}
