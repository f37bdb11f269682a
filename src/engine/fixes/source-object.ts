import type { Expr, ExprOf, Prop } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { beginsLine, edit, indentAt, punctuation, styleOf, uncast } from './source-style.ts';

/** A property as it shall stand in an object literal: source text of its value. */
export interface PropertyText {
  readonly name: string;
  readonly value: string;
}

const WIDTH = 110;

/**
 * Sets properties of the object literal that a call has at `position`: replaces those that are there, adds the others,
 * adds the argument if the call ends before it, spreads an argument that is only a name. Undefined where none fits.
 */
export function mergeArgument(
  file: string,
  text: string,
  call: ExprOf<'call'>,
  position: number,
  properties: readonly PropertyText[],
): TextEdit[] | undefined {
  if (call.a.some(arg => arg.k === 'spread')) return undefined;
  const given = call.a[position];
  if (given) return mergeExpression(file, text, given, properties);
  if (call.a.length !== position) return undefined;
  const literal = objectText(text, call.p[0], properties);
  const added = addArgument(file, text, call, literal);
  return added && [added];
}

/** As `mergeArgument`, for an expression that already stands somewhere. */
export function mergeExpression(
  file: string,
  text: string,
  target: Expr,
  properties: readonly PropertyText[],
): TextEdit[] | undefined {
  const e = uncast(target);
  if (e.k === 'obj') return mergeProperties(file, text, e, properties);
  if (e.k === 'nil') return [edit(file, e.p, objectText(text, e.p[0], properties))];
  if (e.k !== 'id' && e.k !== 'mem') return undefined;
  const own = text.slice(e.p[0], e.p[1]);
  const rest = properties.map(({ name, value }) => `${name}: ${value}`).join(', ');
  return [edit(file, e.p, `{ ...${own}, ${rest} }`)];
}

/** Sets properties of an object literal, on one line or several as the literal is; a line that gets too long is broken. */
export function mergeProperties(
  file: string,
  text: string,
  object: ExprOf<'obj'>,
  properties: readonly PropertyText[],
): TextEdit[] {
  const edits: TextEdit[] = [];
  const added: PropertyText[] = [];
  for (const property of properties) {
    const known = object.props.findLast(one => one.k === 'prop' && one.n === property.name);
    if (known?.k !== 'prop') added.push(property);
    else if (known.short) edits.push(edit(file, known.p, `${property.name}: ${property.value}`));
    else edits.push(edit(file, known.v.p, property.value));
  }
  if (added.length) edits.push(append(file, text, object, added, edits.length === 0));
  return edits;
}

/** Removes a property with its comma, and its line if nothing else stands there; the last one leaves `{}`. */
export function removeProperty(file: string, text: string, object: ExprOf<'obj'>, property: Prop): TextEdit {
  const at = object.props.indexOf(property);
  const next = object.props[at + 1];
  const before = object.props[at - 1];
  if (
    object.props.length === 1 &&
    !/\/[*/]/.test(text.slice(object.p[0], property.p[0]) + text.slice(property.p[1], object.p[1]))
  )
    return edit(file, object.p, '{}');
  if (next && !beginsLine(text, property.p[0])) return edit(file, [property.p[0], next.p[0]], '');
  const close = punctuation(text, property.p[1], object.p[1] - 1);
  const comma = close.indexOf(',');
  const end = property.p[1] + (comma === -1 || (next && comma > next.p[0] - property.p[1]) ? 0 : comma + 1);
  if (beginsLine(text, property.p[0])) {
    const tail = /^[ \t]*(?:\/\/[^\n]*)?\r?\n/.exec(text.slice(end))?.[0];
    if (tail !== undefined) {
      const start = property.p[0] - indentAt(text, property.p[0]).length;
      return edit(file, [start, end + tail.length], '');
    }
  }
  return edit(file, [before ? before.p[1] : property.p[0], before ? property.p[1] : end], '');
}

/** Adds an argument after the last one. */
export function addArgument(file: string, text: string, call: ExprOf<'call'>, argument: string): TextEdit | undefined {
  const close = call.p[1] - 1;
  if (text[close] !== ')') return undefined;
  const last = call.a.at(-1);
  if (!last) {
    const inside = punctuation(text, call.f.p[1], close);
    const at = call.f.p[1] + inside.lastIndexOf('(') + 1;
    return edit(file, [at, at], argument);
  }
  const tail = punctuation(text, last.p[1], close);
  const at = last.p[1] + tail.lastIndexOf(')') + 1;
  const ownLine = beginsLine(text, last.p[0]) && text.slice(at, close).includes('\n');
  const space = ownLine ? styleOf(text).eol + indentAt(text, last.p[0]) : ' ';
  return edit(file, [at, at], `,${space}${argument}`);
}

/** An object literal; over several lines if one would be too long for the line of `offset`. */
export function objectText(text: string, offset: number, properties: readonly PropertyText[]): string {
  const parts = properties.map(({ name, value }) => `${name}: ${value}`);
  const line = `{ ${parts.join(', ')} }`;
  if (lineLength(text, offset) + line.length <= WIDTH) return line;
  const { eol, indent } = styleOf(text);
  const base = indentAt(text, offset);
  return `{${eol}${parts.map(part => `${base}${indent}${placed(part, base + indent)},${eol}`).join('')}${base}}`;
}

/** A value of several lines, moved to the column its first one stands in. */
function placed(part: string, column: string): string {
  const [first, ...lines] = part.split('\n');
  const own = /^[ \t]*/.exec(lines.at(-1) ?? '')![0];
  return [first, ...lines.map(line => (line.startsWith(own) ? column + line.slice(own.length) : line))].join('\n');
}

function lineLength(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return (end === -1 ? text.length : end) - (text.lastIndexOf('\n', offset - 1) + 1);
}

function append(
  file: string,
  text: string,
  object: ExprOf<'obj'>,
  added: readonly PropertyText[],
  mayBreak: boolean,
): TextEdit {
  const parts = added.map(({ name, value }) => `${name}: ${value}`);
  const last = object.props.at(-1);
  if (!last) return edit(file, object.p, objectText(text, object.p[0], added));
  const tail = punctuation(text, last.p[1], object.p[1] - 1);
  const comma = tail.indexOf(',');
  const at = last.p[1] + tail.lastIndexOf(')', comma === -1 ? undefined : comma) + 1;
  const after = comma === -1 ? at : last.p[1] + comma + 1;
  const { eol, indent } = styleOf(text);
  if (!text.slice(object.p[0], last.p[0]).includes('\n')) {
    const rest = parts.join(', ');
    const own = text.slice(...object.p);
    if (mayBreak && !/\n|\/[*/]/.test(own) && lineLength(text, object.p[0]) + rest.length > WIDTH) {
      const base = indentAt(text, object.p[0]);
      const all = [...object.props.map(({ p }) => text.slice(...p)), ...parts];
      const lines = all.map(part => `${base}${indent}${placed(part, base + indent)},${eol}`);
      return edit(file, object.p, `{${eol}${lines.join('')}${base}}`);
    }
    return edit(file, [after, after], `${comma === -1 ? ',' : ''} ${rest}`);
  }
  const base = indentAt(text, last.p[0]);
  const lines = parts.map(part => `${eol}${base}${placed(part, base)}`);
  const ends = comma === -1 ? '' : ',';
  // A comment behind the last property stays with it.
  const note = /^[ \t]*\/\/[^\n\r]*/.exec(text.slice(after))?.[0].length ?? 0;
  if (comma === -1 && note === 0) return edit(file, [after, after], `,${lines.join(',')}`);
  if (comma !== -1) return edit(file, [after + note, after + note], lines.map(line => line + ends).join(''));
  return edit(file, [after, after + note], `,${text.slice(after, after + note)}${lines.join(',')}`);
}
