import type { Program } from '../../link/program.ts';
import type { ClassValue, FuncValue, Value } from '../../link/values.ts';
import type { ClassMember } from '../../model/facts.ts';
import { type Decoration, decorationsOf } from './decorations.ts';

/** One routed method of a class, with the decorators of both. */
export interface DecoratedMethod {
  readonly cls: ClassValue;
  readonly handler: FuncValue;
  readonly onClass: readonly Decoration[];
  readonly onMethod: readonly Decoration[];
}

/** Methods of a class and its bases, the nearest of each name; a base's decorators hold unless it is overridden. */
export function methodsOf(program: Program, cls: ClassValue, onClass: readonly Decoration[]): DecoratedMethod[] {
  const out: DecoratedMethod[] = [];
  const seen = new Set<string>();
  let at: Value | undefined = cls;
  for (let depth = 0; at?.k === 'class' && depth < 6; depth++) {
    const of: ClassValue = at;
    for (const member of of.cls.members) {
      if (member.kind !== 'method' || member.static || seen.has(member.n)) continue;
      seen.add(member.n);
      const handler = handlerOf(cls, of, member);
      if (!handler || !member.decorators?.length) continue;
      out.push({ cls, handler, onClass, onMethod: decorationsOf(program, of.env, member.decorators) });
    }
    at = program.baseOf(of);
  }
  return out;
}

function handlerOf(cls: ClassValue, of: ClassValue, member: ClassMember): FuncValue | undefined {
  const fn = member.f === undefined ? undefined : of.env.unit.facts.functions[member.f];
  const self: Value = { k: 'instance', of: cls, fields: new Map() };
  return fn ? { k: 'func', file: of.file, fn, env: of.env, self } : undefined;
}
