import { isValuePosition } from '../flow/positions.ts';
import type { Sink } from '../flow/summary.ts';
import { bindingsOf, envOf } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Arg, Operation } from '../link/operations.ts';
import type { Expr, Pos } from '../model/facts.ts';
import type { Change, TextEdit } from '../model/span.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { addArgument } from './source-object.ts';
import { edit, quoted, uncast } from './source-style.ts';
import { concatenated, rawParts } from './written-text.ts';

/** SQL text in source form: text as written between the holes. */
interface Written {
  readonly expr: Expr;
  readonly parts: readonly (string | Expr)[];
  /** Written as a template, so that it may go on over lines. */
  readonly isTemplate: boolean;
}

/** How a library marks a value's place. */
const MARKS: Readonly<Record<string, (position: number) => string>> = {
  pg: position => `$${position}`,
  mysql2: () => '?',
  sqlite: () => '?',
  knex: () => '?',
};

/** Moves the values of an SQL text into the call's list of values, where the library is known to take one. */
export function bindValues(model: Model, sink: Sink): FixDraft[] {
  const operation = operationAt(model, sink);
  const orm = String(operation?.is['orm']);
  const expr = operation?.args['text']?.expr;
  if (!expr || !(orm in MARKS || orm === 'prisma') || (expr.k !== 'tpl' && expr.k !== 'bin' && expr.k !== 'id'))
    return [];
  return [
    {
      title: 'Pass the values apart from the SQL text',
      kind: 'auto',
      change: context => change(context, sink),
    },
  ];
}

function operationAt(model: Model, { arg, call }: Sink): Operation | undefined {
  return model
    .operationsIn(arg.file)
    .find(one => one.kind === 'sql' && one.callSpan.start === call.start && one.callSpan.end === call.end);
}

function change(context: FixContext, sink: Sink): Change | undefined {
  const text = context.text(sink.arg.file);
  const operation = operationAt(context.model, sink);
  const arg = operation?.args['text'];
  if (text === undefined || !operation || !arg) return undefined;
  const written = writtenAt(text, arg);
  if (!written?.parts.some(part => typeof part !== 'string')) return undefined;
  const edits =
    operation.is['orm'] === 'prisma' ? asTag(text, operation, written, arg) : asValues(text, operation, written, arg);
  return edits && { edits, newFiles: [] };
}

/** The one template or concatenation that an argument is, here or in the variable it names. */
function writtenAt(text: string, { env, expr }: Arg): Written | undefined {
  const e = uncast(expr);
  if (e.k === 'tpl' && !e.tag) return { expr: e, parts: rawParts(text, e), isTemplate: true };
  if (e.k === 'bin' && e.op === '+') {
    const parts = concatenated(e);
    return parts && { expr: e, parts, isTemplate: false };
  }
  if (e.k !== 'id') return undefined;
  const owner = envOf(env, e.s);
  const [source, ...others] = (owner === env && bindingsOf(env.fn).get(e.n)?.sources) || [];
  return source?.from && source.from.k !== 'id' && others.length === 0 && source.path.length === 0
    ? writtenAt(text, { env, expr: source.from } as Arg)
    : undefined;
}

interface Bound {
  readonly parts: readonly string[];
  readonly values: readonly string[];
}

/** Takes each value out of the text, with the quotes around it; undefined if one of them is no value. */
function bound(text: string, { parts }: Written): Bound | undefined {
  const texts: string[] = [''];
  const values: string[] = [];
  let at = 0;
  const pieces = [...parts];
  while (at < pieces.length) {
    const piece = pieces[at]!;
    if (typeof piece === 'string') {
      texts[texts.length - 1] += piece;
      at++;
      continue;
    }
    const before = texts.at(-1)!;
    const next = pieces[at + 1];
    const after = typeof next === 'string' ? next : '';
    const own = text.slice(piece.p[0], piece.p[1]);
    const open = /(['"])(%?)$/.exec(before);
    const close = open && new RegExp(`^(%?)${open[1]}`).exec(after);
    if (open && !close) return undefined;
    const rest = open ? before.slice(0, -open[0].length) : before;
    if (!isValuePosition(texts.slice(0, -1).join('?') + (texts.length > 1 ? '?' : '') + rest)) return undefined;
    texts[texts.length - 1] = rest;
    texts.push('');
    if (close) pieces[at + 1] = after.slice(close[0].length);
    const [lead, tail] = [open?.[2] ?? '', close?.[1] ?? ''];
    values.push(lead || tail ? `\`${lead}\${${own}}${tail}\`` : own);
    at++;
  }
  return { parts: texts, values };
}

function asValues(text: string, operation: Operation, written: Written, arg: Arg): TextEdit[] | undefined {
  const { call } = operation.site;
  const { file } = operation;
  const mark = MARKS[String(operation.is['orm'])];
  const own = bound(text, written);
  if (!mark || !own || call.a[0] !== arg.expr || own.parts.join('').includes('?') || /\$\d/.test(own.parts.join('')))
    return undefined;
  const sql = own.parts.map((part, position) => (position ? mark(position) : '') + part).join('');
  const asText = edit(file, written.expr.p, isOneLine(sql) ? quoted(text, sql) : `\`${sql}\``);
  const list = `[${own.values.join(', ')}]`;
  const second = call.a[1];
  if (!second) {
    const added = addArgument(file, text, call, list);
    return added && merged(asText, added, arg.expr.p, written.expr.p, file);
  }
  if (second.k === 'fn') return [asText, edit(file, [second.p[0], second.p[0]], `${list}, `)];
  return second.k === 'arr' && second.e.length === 0 ? [asText, edit(file, second.p, list)] : undefined;
}

/** An argument added right behind the text is one edit with it. */
function merged(asText: TextEdit, added: TextEdit, arg: Pos, written: Pos, file: string): TextEdit[] {
  return arg[1] === written[1] && added.span.start === written[1]
    ? [edit(file, [asText.span.start, added.span.end], asText.text + added.text)]
    : [asText, added];
}

/** `$queryRawUnsafe(\`…\`)` as the tag that keeps text and values apart. */
function asTag(text: string, operation: Operation, written: Written, arg: Arg): TextEdit[] | undefined {
  const { call } = operation.site;
  const { f } = call;
  if (
    f.k !== 'mem' ||
    !f.n.endsWith('Unsafe') ||
    call.a.length !== 1 ||
    arg.expr !== written.expr ||
    !written.isTemplate
  )
    return undefined;
  const own = bound(text, written);
  if (!own) return undefined;
  const types = text.slice(f.np[1], written.expr.p[0]).replace(/\(\s*$/, '');
  const sql = own.parts.map((part, position) => (position ? `\${${own.values[position - 1]}}` : '') + part).join('');
  return [edit(operation.file, [f.np[0], call.p[1]], `${f.n.replace(/Unsafe$/, '')}${types}\`${sql}\``)];
}

function isOneLine(sql: string): boolean {
  return !/[\n\\`]/.test(sql);
}
