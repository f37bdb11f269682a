import { bindingsOf, blocksOf, eachExpr } from '../link/env.ts';
import type { Program } from '../link/program.ts';
import type { Expr, FunctionFact, Stmt } from '../model/facts.ts';
import type { Span, TextEdit } from '../model/span.ts';
import { type Registration, registrationAt } from '../queries/security/registrations.ts';
import { aboveComments } from './source-statement.ts';
import { beginsLine, edit, lineStart } from './source-style.ts';

/**
 * Moves the statement of a registration above another one of the same block; undefined where the two do not stand in one
 * block, or where a name that it needs is declared between them.
 */
export function moveAbove(program: Program, source: string, span: Span, above: Span): TextEdit[] | undefined {
  const own = registrationAt(program, span);
  const other = registrationAt(program, above);
  if (!own || !other || own.fn !== other.fn || span.file !== above.file) return undefined;
  const block = blockOf(own.fn.body, statement => holds(statement, own));
  const from = block?.find(statement => holds(statement, own));
  const to = block?.find(statement => holds(statement, other));
  if (!block || !from || !to || from === to || from.k !== 'expr' || from.e !== own.call) return undefined;
  const between = block.slice(block.indexOf(to), block.indexOf(from));
  if (namesIn(own.call, own.fn).some(name => between.some(statement => declares(statement, name)))) return undefined;
  const start = aboveComments(source, lineStart(source, from.p[0]));
  const end = source.indexOf('\n', from.p[1]) + 1;
  const target = aboveComments(source, lineStart(source, to.p[0]));
  if (!beginsLine(source, from.p[0]) || !beginsLine(source, to.p[0]) || end === 0) return undefined;
  if (
    source
      .slice(from.p[1], end)
      .replace(/;|\/\/.*/, '')
      .trim() !== ''
  )
    return undefined;
  return [edit(span.file, [target, target], source.slice(start, end)), edit(span.file, [start, end], '')];
}

function holds(statement: Stmt, { call }: Registration): boolean {
  return statement.k === 'expr' && statement.p[0] <= call.p[0] && call.p[1] <= statement.p[1];
}

function blockOf(body: readonly Stmt[], wanted: (statement: Stmt) => boolean): readonly Stmt[] | undefined {
  if (body.some(wanted)) return body;
  for (const statement of body)
    for (const block of blocksOf(statement)) {
      const found = blockOf(block, wanted);
      if (found) return found;
    }
  return undefined;
}

/** Names of the function's own variables that an expression reads; hoisted functions are there from the start. */
function namesIn(e: Expr, fn: FunctionFact): string[] {
  const out: string[] = [];
  eachExpr(e, one => {
    if (one.k !== 'id' || one.s !== fn.id) return;
    const binding = bindingsOf(fn).get(one.n);
    if (binding?.sources.some(({ fn: hoisted }) => hoisted === undefined)) out.push(one.n);
  });
  return out;
}

function declares(statement: Stmt, name: string): boolean {
  if (statement.k === 'classdecl') return statement.n === name;
  if (statement.k !== 'let') return false;
  const { pat } = statement;
  if (pat.k === 'pid') return pat.n === name;
  return pat.k !== 'pobj' || pat.rest !== undefined || pat.props.some(({ v }) => v.k !== 'pid' || v.n === name);
}
