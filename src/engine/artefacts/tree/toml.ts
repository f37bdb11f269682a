import { parse } from 'smol-toml';
import type { ArtefactProblem } from '../../model/artefacts/base.ts';
import type { DocumentNode, ListNode, MapNode, ScalarNode } from '../../model/document.ts';
import { MAX_PROBLEMS, type ParsedTree } from './tree.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type Table = Mutable<MapNode>;
type Items = Mutable<ListNode>;

interface Key {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads TOML with positions, which smol-toml does not give: this scanner finds the structure, smol-toml decodes the
 * scalars and judges the whole. A line that is no TOML is skipped, so that broken text gives the part that could be read.
 */
export function parseToml(text: string): ParsedTree {
  const problems: ArtefactProblem[] = [];
  const root: Table = { kind: 'map', entries: [], start: 0, end: text.length };
  const scanner = createScanner(text);
  let table = root;
  for (scanner.skipVoid(); !scanner.done(); scanner.skipVoid()) {
    const start = scanner.at();
    try {
      if (scanner.peek() === '[') {
        table = scanner.header(root);
      } else {
        const keys = scanner.keyPath('=');
        const value = scanner.value();
        assign(table, keys, value);
        if (table !== root) table.end = Math.max(table.end, value.end);
      }
      scanner.endOfLine();
    } catch {
      // What follows a header that cannot be read belongs to no known table.
      if (text[start] === '[') table = { kind: 'map', entries: [], start, end: start };
      if (problems.length < MAX_PROBLEMS)
        problems.push({ message: 'TOML: unreadable line', start, end: scanner.lineEnd() });
      scanner.nextLine(start);
    }
  }
  if (problems.length === 0) {
    try {
      parse(text);
    } catch {
      problems.push({ message: 'TOML: invalid document', start: 0, end: 0 });
    }
  }
  return { root, problems };
}

/** Reads one construct after the other; each function throws where the text is no TOML. */
function createScanner(text: string) {
  let position = 0;

  function done(): boolean {
    return position >= text.length;
  }

  function peek(length = 1): string {
    return text.slice(position, position + length);
  }

  function lineEnd(): number {
    const end = text.indexOf('\n', position);
    return end < 0 ? text.length : end;
  }

  /** Goes behind the line that holds `start`, or behind where reading stopped if that is further. */
  function nextLine(start: number): void {
    position = Math.max(position, start);
    position = Math.min(lineEnd() + 1, text.length);
  }

  function skipSpace(): void {
    while (peek() === ' ' || peek() === '\t') position++;
  }

  function skipVoid(): void {
    const pattern = /(?:\s+|#[^\n]*)*/y;
    pattern.lastIndex = position;
    position += pattern.exec(text)?.[0].length ?? 0;
  }

  function endOfLine(): void {
    const found = match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y);
    if (found === undefined) throw new SyntaxError('expected end of line');
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) position += found.length;
    return found;
  }

  function expect(token: string): void {
    if (peek(token.length) !== token) throw new SyntaxError('unexpected token');
    position += token.length;
  }

  function header(root: Table): Table {
    const start = position;
    const isList = peek(2) === '[[';
    expect(isList ? '[[' : '[');
    const keys = keyPath(']');
    if (isList) expect(']');
    const last = keys.at(-1)!;
    const parent = keys.slice(0, -1).reduce(descend, root);
    const existing = parent.entries.findLast(item => item.key === last.name)?.value;
    const created: Table = { kind: 'map', entries: [], start, end: position };
    if (isList) {
      if (existing?.kind === 'list') {
        (existing as Items).items.push(created);
        (existing as Items).end = created.end;
      } else add(parent, last, { kind: 'list', items: [created], start, end: created.end });
      return created;
    }
    if (existing?.kind === 'map') return existing as Table;
    if (existing) throw new SyntaxError('redefined key');
    add(parent, last, created);
    return created;
  }

  function keyPath(end: string): Key[] {
    const keys: Key[] = [];
    for (;;) {
      skipSpace();
      const start = position;
      const token = match(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+/y);
      if (token === undefined) throw new SyntaxError('expected a key');
      keys.push({ name: /^["']/.test(token) ? String(decode(token)) : token, start, end: position });
      skipSpace();
      const next = peek();
      if (next !== end && next !== '.') throw new SyntaxError('unexpected token');
      position++;
      if (next === end) return keys;
    }
  }

  function value(): DocumentNode {
    skipSpace();
    const start = position;
    if (peek() === '[') return list(start);
    if (peek() === '{') return inlineTable(start);
    const token = match(
      /"""(?:[^\\]|\\[\s\S])*?"""+|'''[\s\S]*?'''+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\d{4}-\d\d-\d\d \d\d:[\d:.+Zz-]+|[^\s,[\]{}#"'=]+/y,
    );
    if (token === undefined) throw new SyntaxError('expected a value');
    return { kind: 'scalar', value: decode(token), start, end: position };
  }

  function list(start: number): ListNode {
    const items: DocumentNode[] = [];
    expect('[');
    for (;;) {
      skipVoid();
      if (peek() === ']') break;
      items.push(value());
      skipVoid();
      if (peek() !== ',') break;
      position++;
    }
    expect(']');
    return { kind: 'list', items, start, end: position };
  }

  function inlineTable(start: number): MapNode {
    const table: Table = { kind: 'map', entries: [], start, end: start };
    expect('{');
    for (;;) {
      skipVoid();
      if (peek() === '}') break;
      const keys = keyPath('=');
      assign(table, keys, value());
      skipVoid();
      if (peek() !== ',') break;
      position++;
    }
    expect('}');
    table.end = position;
    return table;
  }

  return { at: () => position, done, peek, lineEnd, nextLine, skipVoid, endOfLine, header, keyPath, value };
}

function assign(table: Table, keys: readonly Key[], value: DocumentNode): void {
  add(keys.slice(0, -1).reduce(descend, table), keys.at(-1)!, value);
}

function add(table: Table, key: Key, value: DocumentNode): void {
  table.entries.push({ key: key.name, keyStart: key.start, keyEnd: key.end, value });
}

function descend(table: Table, key: Key): Table {
  const found = table.entries.findLast(item => item.key === key.name)?.value;
  const target = found?.kind === 'list' ? found.items.at(-1) : found;
  if (target?.kind === 'map') return target as Table;
  if (target) throw new SyntaxError('not a table');
  const created: Table = { kind: 'map', entries: [], start: key.start, end: key.end };
  add(table, key, created);
  return created;
}

/** Dates stay the text they are written as, because JSON has none. */
function decode(token: string): ScalarNode['value'] {
  if (token === 'true' || token === 'false') return token === 'true';
  if (/^"[^"\\]*"$|^'[^']*'$/.test(token)) return token.slice(1, -1);
  if (/^[1-9]\d{0,14}$|^0$/.test(token)) return Number(token);
  const value = parse(`v = ${token}`)['v'];
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : token;
  return typeof value === 'string' || typeof value === 'boolean' ? value : token;
}
