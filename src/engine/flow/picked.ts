import { evaluate } from '../link/evaluate.ts';
import type { Expr } from '../model/facts.ts';
import { AS_OWN_NAME } from './kinds.ts';
import { proved } from './state.ts';
import { CLEAN, type Origin, pickedBy, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** What an object holds under a name that somebody else chose may be what every object has. */
export function picked(walk: Walk, name: Expr, key: Taint): Taint {
  // A list method gives texts back as they are: only what is read as it came is a path for sure.
  const names = name.k === 'mem' ? key.own.filter(origin => !isPath(origin)) : key.own;
  const own = pickedBy(names, AS_OWN_NAME);
  return own.length === 0 ? CLEAN : proved(walk.state, { own, fields: undefined });
}

/** The path of a request as it came begins with a slash, and no name of every object does. */
function isPath({ root, path, text }: Origin): boolean {
  return root.k === 'source' && root.part === 'url' && path.length === 0 && !text;
}

/** An object without a prototype holds only what was put into it. */
export function isPlain(walk: Walk, e: Expr): boolean {
  const value = evaluate(walk.program, walk.env, e);
  return !(value.k === 'api' && value.path === 'Object.create()') && value.k !== 'array' && value.k !== 'env';
}
