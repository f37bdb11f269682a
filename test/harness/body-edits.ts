import fc from 'fast-check';
import { factsOf } from '../../src/engine/facts-of.ts';
import { eachStmt } from '../../src/engine/link/env.ts';
import type { FunctionFact, Stmt } from '../../src/engine/model/facts.ts';

/** Numbers that pick what an edit does to a text, so that a property test can shrink it. */
export interface BodyEdit {
  readonly fn: number;
  readonly stmt: number;
  readonly other: number;
  readonly how: 'insert' | 'delete' | 'double' | 'copy' | 'return' | 'throw' | 'word' | 'callback' | 'wrap' | 'typo';
}

export const bodyEdits: fc.Arbitrary<BodyEdit> = fc.record({
  fn: fc.nat(999),
  stmt: fc.nat(999),
  other: fc.nat(999),
  how: fc.constantFrom('insert', 'delete', 'double', 'copy', 'return', 'throw', 'word', 'callback', 'wrap', 'typo'),
});

/** A source's text after an edit inside the body of one of its functions; undefined if it has none. */
export function editBody(path: string, text: string, { fn, stmt, other, how }: BodyEdit): string | undefined {
  const facts = factsOf(path, text);
  const functions = facts?.kind === 'source' ? facts.functions.filter(one => one.id !== 0 && one.body.length > 0) : [];
  const statements = (one: FunctionFact | undefined): Stmt[] => {
    const out: Stmt[] = [];
    eachStmt(one?.body ?? [], each => out.push(each));
    return out;
  };
  const own = statements(functions[fn % functions.length]);
  const foreign = statements(functions[other % functions.length]);
  const at = own[stmt % own.length];
  const from = foreign[other % foreign.length];
  if (!at || !from) return undefined;
  const [start, end] = at.p;
  const replace = (by: string, until = start): string => text.slice(0, start) + by + text.slice(until);
  switch (how) {
    case 'insert':
      return replace(`const typed${other} = ${other};\n`);
    case 'delete':
      return replace(';', end);
    case 'double':
      return replace(`${text.slice(start, end)}\n`);
    case 'copy':
      return replace(`${text.slice(...from.p)};\n`);
    case 'return':
      return replace(`if (Math.random() > 0.5) return ${['null', "'text'", '5', '{ a: 1 }'][other % 4]};\n`);
    case 'callback':
      return replace(`[${other}].forEach(typed => console.log(typed, (() => ${other})()));\n`);
    case 'wrap':
      return replace(`await Promise.all([1].map(async () => { ${text.slice(start, end)} }));\n`, end);
    case 'typo':
      return replace(['const typed = ;\n', 'typed(1, ;\n', 'if (typed. ) typed.\n', 'typed => {\n'][other % 4]!);
    case 'throw':
      return replace("throw new Error('typed');", end);
    default:
      return replace(text.slice(start, end).replace(/'[^'\n]*'/, `'typed${other}'`), end);
  }
}
