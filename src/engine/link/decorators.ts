import type { Decorator } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import type { Env } from './values.ts';

/** The API path of a decorator's name, called or not; '' if it is no library's. */
export function decoratorPath(program: Program, env: Env, { e }: Decorator): string {
  const value = evaluate(program, env, e.k === 'call' ? e.f : e);
  return value.k === 'api' ? program.adapters.canonical(value.path) : '';
}
