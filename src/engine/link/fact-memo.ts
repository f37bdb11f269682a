/**
 * What was read from facts is kept as long as they live. An edit inside a body changes facts in place (`graft.ts`), so
 * every such memory is registered here and forgets what changed. Values must depend on nothing but the key.
 */
const memories = new Set<WeakMap<object, unknown>>();

export function factMemo<K extends object, V>(): WeakMap<K, V> {
  const memory = new WeakMap<K, V>();
  memories.add(memory as WeakMap<object, unknown>);
  return memory;
}

export function forgetFacts(changed: Iterable<object>): void {
  for (const one of changed) for (const memory of memories) memory.delete(one);
}
