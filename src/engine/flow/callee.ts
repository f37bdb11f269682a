import { type ApiValue, alternatives, type Value } from '../link/values.ts';
import type { Walk } from './walk.ts';

const PROMISIFY = 'node:util.promisify()';

/** The API path a call is known by; wrappers that only change how a function answers are looked through. */
export function apiPathOf(walk: Walk, callee: ApiValue): string {
  if (callee.path === PROMISIFY) {
    const [wrapped] = callee.made?.args ?? [];
    for (const one of wrapped ? alternatives(wrapped) : []) if (one.k === 'api') return apiPathOf(walk, one);
  }
  return walk.solver.adapters.canonical(callee.path);
}

/** A library's object that is worth to be told apart when it is passed on: a request, or what answers it. */
export function isCarried(walk: Walk, value: Value): boolean {
  return value.k === 'api' && value.inst && walk.solver.isRequest(walk.solver.adapters.canonical(value.path));
}
