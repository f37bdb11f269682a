import type { ExprOf, TypeRef } from '../model/facts.ts';
import { maskOf } from './kinds.ts';
import { reach } from './reach.ts';
import { clean, mapOrigins, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** What texts and lists both can do: of a list they ask for whole elements. */
const OF_BOTH = new Set(['indexOf', 'lastIndexOf', 'includes', 'concat', 'slice']);

/** `string[]`, `string[] | undefined` */
export function isListType(type: TypeRef | undefined): boolean {
  return type !== undefined && (type.array === true || (type.union?.some(isListType) ?? false));
}

/** Declared as a list: whoever wrote that expects several values, and asks a list. */
export function meantAsList(taint: Taint): Taint {
  return mapOrigins(taint, origin => clean(origin, maskOf('list'), undefined));
}

/** An untrusted value is used as a text where a list would do as well. */
export function listSinks(walk: Walk, e: ExprOf<'call'>, receiver: Taint): void {
  if (e.f.k === 'mem' && receiver.own.length > 0 && OF_BOTH.has(e.f.n)) reach(walk, e, 'list', e.f.n, e.f.o, receiver);
}
