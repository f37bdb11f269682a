import type { Reaching } from '../flow/findings.ts';
import type { FileFacts } from '../model/facts.ts';
import type { Span, TextEdit } from '../model/span.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { isTaken } from './source-import.ts';
import { appendLines } from './source-statement.ts';
import { edit, styleOf } from './source-style.ts';

/** Where values of a sender are read right in the argument that they reach; undefined if one of them is read before. */
export function readInPlace({ flows }: Pick<Reaching, 'flows'>): Span[] | undefined {
  const holes = new Map<number, Span>();
  for (const { source, sink } of flows) {
    const { span } = source;
    if (span.file !== sink.arg.file || span.start < sink.arg.start || span.end > sink.arg.end) return undefined;
    holes.set(span.start, span);
  }
  return [...holes.values()];
}

/** A function that a fix adds to the end of a file. */
export interface Helper {
  readonly name: string;
  /** Other names that it declares. */
  readonly needs?: readonly string[];
  /** Its lines, with two spaces a level; `typescript` asks for types. */
  lines(typescript: boolean): readonly string[];
}

/** Puts a call of a helper around each place, and the helper into the file if it is not there. */
export function wrapInHelper(
  title: string,
  kind: FixDraft['kind'],
  places: readonly Span[],
  helper: Helper,
): FixDraft[] {
  const file = places[0]?.file;
  if (file === undefined) return [];
  return [
    {
      title,
      kind,
      change({ model, text }: FixContext): ReturnType<FixDraft['change']> {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const added = addHelper(file, source, facts, helper);
        const edits = places.map(place => wrapped(source, place, helper.name));
        return added && { edits: [...edits, ...added], newFiles: [] };
      },
    },
  ];
}

/** Puts a helper into a file that has none of its name; undefined if the name means something else there. */
export function addHelper(file: string, source: string, facts: FileFacts, helper: Helper): TextEdit[] | undefined {
  if (hasHelper(facts, helper.name)) return [];
  return [helper.name, ...(helper.needs ?? [])].some(name => isTaken(facts, name))
    ? undefined
    : [appendLines(file, source, written(file, source, helper))];
}

/** `name(String(value))`, whether or not it is made a text already; a cast to a text says nothing more by then. */
export function wrapped(source: string, { file, start, end: last }: Span, name: string): TextEdit {
  const own = source.slice(start, last).replace(/\s+as\s+string$/, '');
  const end = last + (/^(?:!|\s+as\s+string\b(?!\s*[[|&]))/.exec(source.slice(last))?.[0].length ?? 0);
  if (/^String\([^()]*\)$/.test(own)) return edit(file, [start, end], `${name}(${own})`);
  const isText = source.slice(0, start).endsWith('String(') && source[end] === ')';
  return isText
    ? edit(file, [start - 'String('.length, end + 1], `${name}(String(${own}))`)
    : edit(file, [start, end], `${name}(String(${own}))`);
}

function hasHelper({ functions }: FileFacts, name: string): boolean {
  return functions.some(fn => fn.name === name && fn.parent === 0);
}

/** In the file's own style. */
function written(file: string, source: string, helper: Helper): string[] {
  const { indent, semicolon, quote } = styleOf(source);
  return helper.lines(/\.[cm]?tsx?$/.test(file)).map(line => {
    const own = line.replace(/^(?: {2})+/, all => indent.repeat(all.length / 2)).replaceAll("'", quote);
    return semicolon ? own : own.replace(/;$/, '');
  });
}
