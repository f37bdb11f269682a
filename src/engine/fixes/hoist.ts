import { eachExpr, eachStmt } from '../link/env.ts';
import type { Operation } from '../link/operations.ts';
import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertBefore } from './source-statement.ts';
import { beginsLine } from './source-style.ts';

/** Whether an expression needs nothing that a call of the function brings with it. */
export function hoistable(fn: FunctionFact, e: Expr): boolean {
  let free = true;
  eachExpr(e, one => {
    if (one.k === 'this' || one.k === 'await' || one.k === 'fn') free = false;
    if (one.k === 'id' && one.s > 0) free = false;
  });
  return free && fn.id !== 0;
}

/** Moves `const client = new Client(…)` in front of the top-level statement it stands in. */
export function hoistClient({ file, fn, site }: Operation): FixDraft {
  return {
    title: 'Create it once, outside of the function',
    kind: 'suggest',
    change({ text, model }) {
      const now = text(file);
      const facts = model.project.sources.get(file);
      const declaration = now && facts && declarationOf(fn, site.call);
      if (!declaration || !facts || declaration.pat.k !== 'pid') return undefined;
      const { n } = declaration.pat;
      const [start, end] = declaration.p;
      const module = facts.functions[0]!.body;
      const owner = module.find(stmt => stmt.p[0] <= start && end <= stmt.p[1]);
      if (!owner || !beginsLine(now, start) || isNamed(facts.functions[0]!, n)) return undefined;
      const before = insertBefore(file, now, owner, [`${now.slice(start, end).trimEnd()}`, '']);
      if (!before) return undefined;
      const lineStart = now.lastIndexOf('\n', start - 1) + 1;
      const rest = /^[ \t]*\r?\n/.exec(now.slice(end))?.[0];
      if (rest === undefined) return undefined;
      const cut = { span: { file, start: lineStart, end: end + rest.length }, text: '' };
      return { edits: [before, cut], newFiles: [] };
    },
  };
}

function declarationOf(fn: FunctionFact, call: Expr): (Stmt & { k: 'let' }) | undefined {
  let found: (Stmt & { k: 'let' }) | undefined;
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'let' && stmt.kind === 'const' && stmt.v === call) found = stmt;
  });
  return found;
}

function isNamed({ body }: FunctionFact, name: string): boolean {
  return body.some(
    stmt =>
      (stmt.k === 'let' && stmt.pat.k === 'pid' && stmt.pat.n === name) || (stmt.k === 'fndecl' && stmt.n === name),
  );
}
