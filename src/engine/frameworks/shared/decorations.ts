import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, type Env, spanIn, type Value } from '../../link/values.ts';
import type { Decorator, Expr, Pos } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** One decorator that is in force on a class, a method or a parameter, composites taken apart. */
export interface Decoration {
  /** API path without the call: `@nestjs/common.Get`; '' where it could not be resolved. */
  readonly path: string;
  readonly args: readonly Value[];
  readonly value: Value;
  /** The name as written in the source, for messages. */
  readonly name: string;
  readonly span: Span;
}

/** The decorators of a declaration; `applyDecorators(...)` and project functions that return it are followed. */
export function decorationsOf(program: Program, env: Env, list: readonly Decorator[] | undefined): Decoration[] {
  return (list ?? []).flatMap(({ e, p }) => {
    const name = nameOf(e);
    return flatten(evaluate(program, env, e), name, spanIn(env, nameRange(e, p)));
  });
}

function flatten(value: Value, name: string, span: Span): Decoration[] {
  return alternatives(value).flatMap(one => {
    if (one.k === 'array') return one.items.flatMap(item => flatten(item, name, span));
    if (one.k !== 'api') return [{ path: '', args: [], value: one, name, span }];
    if (one.path === '@nestjs/common.applyDecorators()')
      return (one.made?.args ?? []).flatMap(item => flatten(item, name, span));
    return [{ path: one.path.replace(/\(\)$/, ''), args: one.made?.args ?? [], value: one, name, span }];
  });
}

/** The decorator's name: the smallest useful range. */
function nameRange(e: Expr, whole: Pos): Pos {
  return e.k === 'call' ? e.f.p : e.k === 'unk' ? whole : e.p;
}

function nameOf(e: Expr): string {
  if (e.k === 'call') return nameOf(e.f);
  return e.k === 'mem' || e.k === 'id' ? e.n : '';
}
