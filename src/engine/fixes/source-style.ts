import type { Expr, Pos } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';

/** How a file is written, as far as an edit should follow it. */
export interface SourceStyle {
  readonly quote: "'" | '"';
  readonly semicolon: '' | ';';
  readonly eol: '\n' | '\r\n';
  /** One step of indentation. */
  readonly indent: string;
}

/** Reads quotes, semicolons, line ends and indentation off a text; the majority wins. */
export function styleOf(text: string): SourceStyle {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const double = count(/(?:from|require\(|[=(,:[])\s*"/g);
  const single = count(/(?:from|require\(|[=(,:[])\s*'/g);
  const ended = count(/;[ \t]*$/gm);
  const open = count(/[\w)\]'"`][ \t]*$/gm);
  return {
    quote: double > single ? '"' : "'",
    semicolon: ended === 0 && open > 0 ? '' : ended * 4 >= open ? ';' : '',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    indent: indentStep(text),
  };
}

/** A string literal in the style of a text. */
export function quoted(text: string, value: string): string {
  const { quote } = styleOf(text);
  return quote + value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}

/** The white space that the line of an offset begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Whether nothing but white space stands before an offset in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** Text between two tokens with its comments blanked, so that only punctuation is left; offsets stay. */
export function punctuation(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, comment => comment.replace(/[^\n]/g, ' '));
}

/** The expression under casts and non-null assertions. */
export function uncast(e: Expr): Expr {
  return e.k === 'as' ? uncast(e.e) : e;
}

export function edit(file: string, [start, end]: Pos, text: string): TextEdit {
  return { span: { file, start, end }, text };
}

function indentStep(text: string): string {
  const steps = new Map<string, number>();
  let before = '';
  for (const line of text.split('\n', 400)) {
    const own = /^[ \t]*/.exec(line)![0];
    if (own.length === line.trimEnd().length) continue;
    if (own.startsWith(before) && own.length > before.length) {
      const step = own.slice(before.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    before = own;
  }
  const [best] = [...steps].sort((a, b) => b[1] - a[1])[0] ?? ['  '];
  return best;
}
