import { definition, type Place } from '../../link/literals.ts';
import type { Program } from '../../link/program.ts';
import { type FieldKind, ROOT_KINDS } from './schema.ts';

/** A root field as a schema's text declares it. */
export interface DeclaredField {
  readonly kind: FieldKind;
  readonly name: string;
  /** Names of the directives on it or on its type. */
  readonly directives: readonly string[];
  /** Paths of its arguments that cannot hold any text, where its types were read. */
  readonly plain?: readonly string[];
}

/** Root fields of schema text in the source: a tagged or plain template, a string, or a list of these. */
export function declaredIn(program: Program, place: Place, depth = 0): DeclaredField[] {
  const { expr, env } = definition(program, place);
  if (depth > 4) return [];
  if (expr.k === 'str') return rootFields(expr.v);
  if (expr.k === 'tpl') return rootFields(expr.parts.map(part => (typeof part === 'string' ? part : ' ')).join(''));
  if (expr.k === 'arr') return expr.e.flatMap(one => declaredIn(program, { expr: one, env }, depth + 1));
  // `gql(`…`)`, `mergeTypeDefs([…])`, `buildSchema(`…`)`.
  return expr.k === 'call' ? expr.a.slice(0, 1).flatMap(one => declaredIn(program, { expr: one, env }, depth + 1)) : [];
}

const IGNORED = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g;
const ROOT = /\btype\s+(Query|Mutation|Subscription)\b([^{]*)\{/g;

/** Reads only what is needed of schema text: names and directives of the root types' fields. */
export function rootFields(text: string): DeclaredField[] {
  // Arguments may span lines and hold braces of defaults; without them a field is a name and a type.
  const plain = text.replace(IGNORED, ' ').replace(/\([^()]*\)/g, args => ' '.repeat(args.length));
  const out: DeclaredField[] = [];
  for (const match of plain.matchAll(ROOT)) {
    const kind = ROOT_KINDS.get(match[1]!);
    const start = match.index + match[0].length;
    const end = plain.indexOf('}', start);
    if (!kind || end === -1) continue;
    const onType = directivesIn(match[2]!);
    for (const [, name, rest] of plain.slice(start, end).matchAll(/(\w+)\s*:([^:]*?)(?=\s+\w+\s*:|\s*$)/g))
      out.push({ kind, name: name!, directives: [...onType, ...directivesIn(rest!)] });
  }
  return out;
}

function directivesIn(text: string): string[] {
  return [...text.matchAll(/@(\w+)/g)].map(match => match[1]!);
}
