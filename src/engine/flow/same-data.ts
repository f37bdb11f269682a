/**
 * Whether two structures of plain data say the same. What is shared within them is compared once, so that a value that is
 * used in many places costs no more than one.
 */
export function saysSame(a: unknown, b: unknown, seen: Map<object, Set<object>> = new Map()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  let known = seen.get(a);
  if (known?.has(b)) return true;
  if (!known) {
    known = new Set();
    seen.set(a, known);
  }
  known.add(b);
  if (Array.isArray(a)) return Array.isArray(b) && areSame(a, b, seen);
  if (a instanceof Map) return b instanceof Map && areSame([...a], [...b], seen);
  if (a instanceof Set) return b instanceof Set && areSame([...a], [...b], seen);
  const [one, other] = [Object.entries(a), Object.entries(b)];
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && areSame(one, other, seen);
}

function areSame(a: readonly unknown[], b: readonly unknown[], seen: Map<object, Set<object>>): boolean {
  return a.length === b.length && a.every((one, at) => saysSame(one, b[at], seen));
}
