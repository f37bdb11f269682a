import type { FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { bodyMemo } from './kept/fact-memo.ts';

const outer = bodyMemo<boolean>();
const BOOT_CALLS = new Set([
  'use',
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'all',
  'register',
  'route',
  'routes',
  'listen',
  'mount',
  'group',
  'on',
  'then',
  'forEach',
  'set',
]);

/** Whether a callback does something to what was created outside of it, as start-up code does. */
export function touchesOuter(fn: FunctionFact): boolean {
  let known = outer.get(fn);
  if (known === undefined) {
    known = false;
    eachExprIn(fn, e => {
      if (e.k !== 'call') return;
      if (e.f.k === 'mem' && BOOT_CALLS.has(e.f.n)) known = true;
      else if (e.f.k === 'idx' && e.f.o.k === 'id' && e.f.o.s !== fn.id) known = true;
      else if (e.a.some(arg => arg.k === 'id' && arg.s !== fn.id && arg.s !== -1)) known = true;
    });
    outer.set(fn, known);
  }
  return known;
}
