import { eachExpr, eachStmt } from '../link/env.ts';
import type { Operation } from '../link/operations.ts';
import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { aboveComments } from './source-statement.ts';
import { lineStart, styleOf } from './source-style.ts';

/** Whether an expression needs nothing that a call of the function brings with it. */
export function hoistable(fn: FunctionFact, e: Expr): boolean {
  let free = true;
  eachExpr(e, one => {
    if (one.k === 'this' || one.k === 'await') free = false;
    if (one.k === 'id' && one.s > 0) free = false;
  });
  return free && fn.id !== 0;
}

/** Whether a call is the value of a constant of the function's own. */
export function isDeclared({ fn, site }: Operation): boolean {
  return declarationOf(fn, site.call)?.pat.k === 'pid';
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
      const [start, end] = declaration.p;
      const owner = facts.functions[0]!.body.find(stmt => stmt.p[0] <= start && end <= stmt.p[1]);
      const from = lineStart(now, start);
      const keyword = /^[ \t]*(const\s+)$/.exec(now.slice(from, start))?.[1];
      const tail = /^(;?)[ \t]*\r?\n/.exec(now.slice(end));
      if (!owner || !keyword || !tail || isNamed(facts.functions[0]!, declaration.pat.n)) return undefined;
      const { eol } = styleOf(now);
      const at = aboveComments(now, lineStart(now, owner.p[0]));
      const moved = keyword + now.slice(start, end) + tail[1] + eol + eol;
      return {
        edits: [
          { span: { file, start: at, end: at }, text: moved },
          { span: { file, start: from, end: end + tail[0].length }, text: '' },
        ],
        newFiles: [],
      };
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
