import type { Located } from '../../model/document.ts';

/** A bare, "quoted", `quoted` or [quoted] name. */
export const IDENTIFIER = '"(?:[^"]|"")+"|`[^`]+`|\\[[^\\]\\n]+\\]|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*';
export const QUALIFIED = `(?:${IDENTIFIER})(?:\\s*\\.\\s*(?:${IDENTIFIER}))*`;

/** One statement without its semicolon; the three texts have the same length. */
export interface SqlText {
  readonly start: number;
  readonly end: number;
  /** Comments are blanks. */
  readonly plain: string;
  /** Comments and the insides of strings and dollar quotes are blanks. */
  readonly bare: string;
}

export interface QualifiedName {
  readonly schema?: string;
  readonly located: Located;
}

const TOKEN =
  /--[^\n]*|\/\*|(?<![\w$])[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|(?<![\w$])\$(?:[A-Za-z_]\w*)?\$|;/g;

/** Splits at semicolons outside of strings, comments and dollar quotes; what is left open at the end ends there. */
export function splitSql(text: string): SqlText[] {
  const statements: SqlText[] = [];
  const plain: string[] = [];
  const bare: string[] = [];
  let from = 0;
  let done = 0;
  const copy = (to: number): void => {
    plain.push(text.slice(done, to));
    bare.push(text.slice(done, to));
    done = to;
  };
  const blank = (to: number, isComment: boolean): void => {
    const part = text.slice(done, to);
    const blanks = part.replace(/[^\r\n]/g, ' ');
    plain.push(isComment ? blanks : part);
    bare.push(isComment || part.length < 2 ? blanks : `${part[0]}${blanks.slice(1, -1)}${part.at(-1)}`);
    done = to;
  };
  const finish = (to: number): void => {
    copy(to);
    const statement = trim({ start: from, end: to, plain: plain.join(''), bare: bare.join('') });
    if (statement) statements.push(statement);
    plain.length = 0;
    bare.length = 0;
  };
  const token = new RegExp(TOKEN);
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match;
    if (found === ';') {
      finish(match.index);
      done = match.index + 1;
      from = done;
      continue;
    }
    // Quoted names stay readable.
    if (found.startsWith('"') || found.startsWith('`')) continue;
    copy(match.index);
    if (found === '/*') blank(commentEnd(text, match.index), true);
    else if (found.startsWith('--')) blank(token.lastIndex, true);
    else if (found.startsWith('$')) {
      const close = text.indexOf(found, token.lastIndex);
      blank(close < 0 ? text.length : close + found.length, false);
    } else blank(token.lastIndex, false);
    token.lastIndex = done;
  }
  finish(text.length);
  return statements;
}

/** Comments nest in PostgreSQL. */
function commentEnd(text: string, start: number): number {
  const pattern = /\/\*|\*\//g;
  pattern.lastIndex = start;
  let depth = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return pattern.lastIndex;
  }
  return text.length;
}

function trim(statement: SqlText): SqlText | undefined {
  const { plain, bare, start } = statement;
  const lead = plain.length - plain.trimStart().length;
  const length = plain.trim().length;
  if (length === 0) return undefined;
  return {
    start: start + lead,
    end: start + lead + length,
    plain: plain.slice(lead, lead + length),
    bare: bare.slice(lead, lead + length),
  };
}

/** A possibly qualified name at an offset of the statement. */
export function identifierAt(statement: SqlText, at: number, length: number): QualifiedName {
  const written = statement.plain.slice(at, at + length);
  const parts = [...written.matchAll(new RegExp(IDENTIFIER, 'g'))].map(match => unquote(match[0]));
  const start = statement.start + at;
  const located = { value: parts.at(-1) ?? '', start, end: start + length };
  const schema = parts.at(-2);
  return schema === undefined ? { located } : { schema, located };
}

/** Unquoted names are lower case, as PostgreSQL folds them. */
export function unquote(name: string): string {
  if (name.startsWith('"')) return name.slice(1, -1).replace(/""/g, '"');
  if (name.startsWith('`') || name.startsWith('[')) return name.slice(1, -1);
  return name.toLowerCase();
}

/** The offsets inside the parentheses that open at or after `from`; undefined if none open before other text than `gap` allows. */
export function parenthesesAt(bare: string, from: number, gap = /^\s*$/): { start: number; end: number } | undefined {
  const open = bare.indexOf('(', from);
  if (open < 0 || !gap.test(bare.slice(from, open))) return undefined;
  let depth = 0;
  for (let i = open; i < bare.length; i++) {
    if (bare[i] === '(') depth++;
    else if (bare[i] === ')' && --depth === 0) return { start: open + 1, end: i };
  }
  return { start: open + 1, end: bare.length };
}

/** Splits at commas outside of parentheses; gives offsets into `bare`. */
export function splitCommas(bare: string, from: number, to: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < to; i++) {
    if (bare[i] === '(') depth++;
    else if (bare[i] === ')') depth--;
    else if (bare[i] === ',' && depth === 0) {
      parts.push({ start, end: i });
      start = i + 1;
    }
  }
  parts.push({ start, end: to });
  return parts.filter(part => bare.slice(part.start, part.end).trim() !== '');
}
