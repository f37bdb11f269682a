/**
 * Whether two results say the same: lists, maps and plain records are compared by what is in them, facts and values by
 * identity. What an edit leaves alone keeps its identity, so this is cheap and errs on the side of "changed".
 */
export function isAlike(a: unknown, b: unknown, depth = 0): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth > DEPTH) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) if (!isAlike(a[at], b[at], depth + 1)) return false;
    return true;
  }
  if (a instanceof Map || a instanceof Set)
    return b instanceof a.constructor && isAlike([...a], [...(b as typeof a)], depth + 1);
  // Expressions and values have a kind, functions and endpoints an id, operations a place: they are themselves.
  if ('k' in a && a.k === 'unknown') return 'k' in b && b.k === 'unknown';
  if ('k' in a || 'id' in a || 'site' in a || Object.getPrototypeOf(a) !== Object.prototype) return false;
  return isAlikeRecord(a, b, depth);
}

/** The same for the parts of two records, whatever they are. */
export function isAlikeRecord(one: object, other: object, depth = 0): boolean {
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  if (Object.getOwnPropertyNames(a).length !== Object.getOwnPropertyNames(b).length) return false;
  for (const key in a) if (!(key in b) || !isAlike(a[key], b[key], depth + 1)) return false;
  return true;
}

const DEPTH = 8;
