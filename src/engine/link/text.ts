import { constant, type Value } from './values.ts';

/** Concatenates known and unknown parts of a string. */
export function join(parts: readonly (string | Value)[]): Value {
  const out: (string | Value)[] = [];
  for (const part of parts) {
    const pieces =
      typeof part === 'string'
        ? [part]
        : part.k === 'const'
          ? [String(part.v)]
          : part.k === 'template'
            ? part.parts
            : [part];
    for (const piece of pieces) {
      const last = out.at(-1);
      if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
      else out.push(piece);
    }
  }
  const [only] = out;
  if (out.length === 0) return constant('');
  return out.length === 1 && typeof only === 'string' ? constant(only) : { k: 'template', parts: out };
}
