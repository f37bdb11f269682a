import type { Program } from '../../link/program.ts';
import type { ClassValue } from '../../link/values.ts';
import { decorationsOf } from './decorations.ts';

/** Whether a DTO class carries validation rules of its own, of a base, or of the class it was derived from. */
export function classHasRules(program: Program, of: ClassValue, depth: number): boolean {
  const { cls, env } = of;
  if (depth > 6) return false;
  for (const { decorators } of cls.members) {
    for (const { path } of decorationsOf(program, env, decorators))
      if (path === '' || path.startsWith('class-validator.')) return true;
  }
  const base = program.baseOf(of);
  if (base?.k === 'class') return classHasRules(program, base, depth + 1);
  if (base?.k !== 'api') return false;
  if (/createZodDto|ZodDto/.test(base.path)) return true;
  return (base.made?.args ?? []).some(arg => arg.k === 'class' && classHasRules(program, arg, depth + 1));
}
