import { pathTo } from '../../link/declared.ts';
import { spanAt } from '../../link/spans.ts';
import { type Expr, type FileFacts, MODULE, type Pos } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** Where a module states one of its exports: the declared name, the function's head, or the passing on. */
export function exportSpan({ path, facts }: { readonly path: string; readonly facts: FileFacts }, name: string): Span {
  const p = exportPos(facts, name) ?? [0, 0];
  return spanAt(path, p);
}

function exportPos(facts: FileFacts, name: string): Pos | undefined {
  const fact = facts.exports.find(one => one.name === name) ?? facts.exports.find(one => one.name === '*');
  if (fact?.k === 'local') return declaredPos(facts, fact.local) ?? fact.p;
  if (fact?.k === 'value') return headOf(facts, fact.e);
  return fact?.p;
}

function declaredPos({ functions, imports }: FileFacts, local: string): Pos | undefined {
  for (const stmt of functions[MODULE]?.body ?? []) {
    if (stmt.k === 'let' && pathTo(stmt.pat, local)) return stmt.pat.p;
    if (stmt.k === 'fndecl' && stmt.n === local) return functions[stmt.f]?.np;
  }
  return imports.find(one => one.local === local)?.p;
}

/** The start of an exported expression: a function's head, what is called. */
function headOf({ functions }: FileFacts, e: Expr): Pos {
  if (e.k === 'fn') return functions[e.f]?.np ?? e.p;
  return e.k === 'call' ? e.f.p : e.p;
}
