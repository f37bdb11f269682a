import type { Expr, ExprOf, FileFacts, FunctionFact, Pos } from '../model/facts.ts';
import { defaultExport, eachExpr, eachExprIn } from './env.ts';
import { perFile } from './kept/per-file.ts';

/** A value written under a name: `{ name: value }` or `a.name = value`. */
export interface WrittenOption {
  readonly name: string;
  readonly value: Expr;
  /** The name itself. */
  readonly np: Pos;
  /** The literal it is a property of; undefined for an assignment. */
  readonly object: ExprOf<'obj'> | undefined;
  /** What an assignment writes to: `process.env` of `process.env.X = …`. */
  readonly owner: Expr | undefined;
  readonly fn: FunctionFact;
}

/** Everything a file writes under a name, by that name. */
export const writtenOptions: (facts: FileFacts) => ReadonlyMap<string, readonly WrittenOption[]> = perFile(collect);

function collect(facts: FileFacts): Map<string, WrittenOption[]> {
  const out = new Map<string, WrittenOption[]>();
  const add = (option: WrittenOption): void => {
    const list = out.get(option.name);
    if (list) list.push(option);
    else out.set(option.name, [option]);
  };
  const visit = (fn: FunctionFact, e: Expr): void => {
    if (e.k === 'obj') {
      for (const prop of e.props) {
        if (prop.k === 'prop') add({ name: prop.n, value: prop.v, np: prop.np, object: e, owner: undefined, fn });
        else if (prop.k === 'computed' && prop.n.k === 'str')
          add({ name: prop.n.v, value: prop.v, np: prop.n.p, object: e, owner: undefined, fn });
      }
    } else if (e.k === 'assign' && e.op === '=') {
      const { l, r } = e;
      if (l.k === 'mem') add({ name: l.n, value: r, np: l.np, object: undefined, owner: l.o, fn });
      else if (l.k === 'idx' && l.i.k === 'str')
        add({ name: l.i.v, value: r, np: l.i.p, object: undefined, owner: l.o, fn });
    }
  };
  for (const fn of facts.functions) eachExprIn(fn, e => visit(fn, e));
  const given = defaultExport(facts);
  if (given) eachExpr(given, e => visit(facts.functions[0]!, e));
  for (const cls of facts.classes) {
    const fn = facts.functions[cls.parent];
    if (!fn) continue;
    for (const { e } of cls.decorators ?? []) eachExpr(e, one => visit(fn, one));
    for (const { init } of cls.members) if (init) eachExpr(init, one => visit(fn, one));
  }
  return out;
}
