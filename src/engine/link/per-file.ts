import type { FileFacts } from '../model/facts.ts';
import { factMemo } from './fact-memo.ts';

/**
 * What a file says by itself, read once and kept as long as its facts: an edit elsewhere costs nothing. `read` must
 * depend on nothing but the facts it is given.
 */
export function perFile<T>(read: (facts: FileFacts) => T): (facts: FileFacts) => T {
  const kept = factMemo<FileFacts, { readonly value: T }>();
  return facts => {
    let found = kept.get(facts);
    if (!found) {
      found = { value: read(facts) };
      kept.set(facts, found);
    }
    return found.value;
  };
}
