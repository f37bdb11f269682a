import { isValuePosition } from '../flow/positions.ts';
import type { Sink } from '../flow/summary.ts';
import { callsIn } from '../link/call-index.ts';
import { bindingsOf, envOf } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Arg, Operation } from '../link/operations.ts';
import type { Expr, Pos } from '../model/facts.ts';
import type { Change, TextEdit } from '../model/span.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { addArgument, mergeArgument } from './source-object.ts';
import { edit, quoted, uncast } from './source-style.ts';
import { concatenated, rawParts } from './written-text.ts';

/** SQL text in source form: text as written between the holes. */
interface Written {
  readonly expr: Expr;
  readonly parts: readonly (string | Expr)[];
  /** Written as a template, so that it may go on over lines. */
  readonly isTemplate: boolean;
}

/** Where a library takes the values: in a list behind the text, in the call that runs it, or by name. */
type Place = 'list' | 'run' | 'names' | 'replacements';

/** Options of Sequelize that hold values already. */
const BOUND = /^(?:bind|replacements)$/;

/** How a library marks a value's place. */
const MARKS: Readonly<Record<string, (position: number, name: string) => string>> = {
  pg: position => `$${position}`,
  mysql2: () => '?',
  sqlite: () => '?',
  knex: () => '?',
  sequelize: () => '?',
  typeorm: (_, name) => `:${name}`,
};

/** Moves the values of an SQL text into the call's list of values, where the library is known to take one. */
export function bindValues(model: Model, sink: Sink): FixDraft[] {
  const operation = operationAt(model, sink);
  const orm = String(operation?.is['orm']);
  const expr = operation?.args['text']?.expr;
  if (
    !operation ||
    !expr ||
    !(orm === 'prisma' || placeOf(operation)) ||
    (expr.k !== 'tpl' && expr.k !== 'bin' && expr.k !== 'id')
  )
    return [];
  return [
    {
      title: 'Pass the values apart from the SQL text',
      kind: 'auto',
      change: context => change(context, sink),
    },
  ];
}

/** Undefined where the library takes no values apart from the text. */
function placeOf({ is, site: { call } }: Operation): Place | undefined {
  const orm = String(is['orm']);
  const method = call.f.k === 'mem' ? call.f.n : '';
  if (orm === 'sqlite') return method === 'prepare' ? 'run' : method === 'exec' ? undefined : 'list';
  if (orm === 'sequelize') return method === 'query' ? 'replacements' : undefined;
  // Other texts have marks that depend on the database.
  if (orm === 'typeorm') return /^(?:and|or)?(?:where|having)$/i.test(method) ? 'names' : undefined;
  return orm in MARKS ? 'list' : undefined;
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
  const written = isSharedText(context.model, operation) ? undefined : writtenAt(text, arg);
  if (!written?.parts.some(part => typeof part !== 'string')) return undefined;
  const edits =
    operation.is['orm'] === 'prisma' ? asTag(text, operation, written, arg) : asValues(text, operation, written, arg);
  return edits && { edits, newFiles: [] };
}

/** Another query of the function runs the same text, and would be without the values. */
function isSharedText({ operationsIn }: Model, { file, fn, args }: Operation): boolean {
  const own = args['text']?.expr;
  if (own?.k !== 'id') return false;
  const others = operationsIn(file).filter(one => {
    const text = one.kind === 'sql' && one.fn === fn ? one.args['text']?.expr : undefined;
    return text?.k === 'id' && text.n === own.n;
  });
  return others.length > 1;
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
    // What goes on right behind it is part of a name, or of a text.
    if (open ? !close : /^[\w.$("`]/.test(after)) return undefined;
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
  const place = placeOf(operation);
  if (!mark || !place || !own || call.a[0] !== arg.expr || /\?|\$\d|(?<!:):[a-z_]\w*/i.test(own.parts.join('')))
    return undefined;
  const names = namesOf(written);
  const sql = own.parts.map((part, at) => (at ? mark(at, names[at - 1] ?? '') : '') + part).join('');
  const asText = edit(file, written.expr.p, isOneLine(sql) ? quoted(text, sql) : `\`${sql}\``);
  if (place === 'run') {
    const runs = callsIn(operation.fn).find(one => one.call.f.k === 'mem' && one.call.f.o === call)?.call;
    const added = runs?.a.length === 0 ? addArgument(file, text, runs, own.values.join(', ')) : undefined;
    return added && [asText, added];
  }
  const list = `[${own.values.join(', ')}]`;
  const second = call.a[1];
  if (place === 'replacements') {
    const isGiven = second && (second.k !== 'obj' || second.props.some(one => one.k !== 'prop' || BOUND.test(one.n)));
    const set = isGiven ? undefined : mergeArgument(file, text, call, 1, [{ name: 'replacements', value: list }]);
    return set?.[0] && merged(asText, set[0], arg.expr.p, written.expr.p, file);
  }
  const values =
    place === 'names' ? `{ ${own.values.map((value, at) => property(names[at] ?? '', value)).join(', ')} }` : list;
  if (!second) {
    const added = addArgument(file, text, call, values);
    return added && merged(asText, added, arg.expr.p, written.expr.p, file);
  }
  if (second.k === 'fn') return [asText, edit(file, [second.p[0], second.p[0]], `${values}, `)];
  return second.k === 'arr' && second.e.length === 0 ? [asText, edit(file, second.p, values)] : undefined;
}

/** A name for each value: what it is called where it is read, or its number. */
function namesOf({ parts }: Written): string[] {
  const out: string[] = [];
  for (const part of parts) {
    if (typeof part === 'string') continue;
    const e = uncast(part);
    const name = e.k === 'mem' || e.k === 'id' ? e.n : '';
    out.push(/^[a-z]\w*$/i.test(name) && !out.includes(name) ? name : `value${out.length + 1}`);
  }
  return out;
}

function property(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
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
