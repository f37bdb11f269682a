import type { Span } from '../model/span.ts';
import type { Program } from './program.ts';
import type { FuncValue } from './values.ts';

/** A resolver of a field that is no root field: it runs once for every object of its type in an answer. */
export interface TypeField {
  /** Name of the object type; undefined where the code does not say it. */
  readonly type: string | undefined;
  readonly name: string;
  readonly func: FuncValue;
  /** Position of the parameter that is the parent object. */
  readonly parent: number;
  readonly span: Span;
}

const known = new WeakMap<Program, TypeField[]>();

/** Field resolvers that adapters found in a program, in the order they were found. */
export function typeFieldsOf(program: Program): TypeField[] {
  let list = known.get(program);
  if (!list) {
    list = [];
    known.set(program, list);
  }
  return list;
}
