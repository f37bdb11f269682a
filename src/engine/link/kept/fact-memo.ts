import type { FileFacts, FunctionFact } from '../../model/facts.ts';
import { noteBody } from './reads.ts';

/**
 * What was read from facts is kept as long as they live. An edit inside a body changes facts in place (`graft.ts`), so
 * every such memory is registered here and forgets what changed. Values must depend on nothing but the key.
 */
const memories = new Set<WeakMap<object, unknown>>();

class BodyMemo<V> extends WeakMap<FunctionFact, V> {
  override get(fn: FunctionFact): V | undefined {
    noteBody(fn);
    return super.get(fn);
  }
}

/** What the body of a function says by itself; whoever asks is taken for somebody who looked at the body. */
export function bodyMemo<V>(): WeakMap<FunctionFact, V> {
  const memory = new BodyMemo<V>();
  memories.add(memory as unknown as WeakMap<object, unknown>);
  return memory;
}

/** What a file says apart from the bodies of its functions, which an edit inside them cannot change but move. */
export function headMemo<V>(): WeakMap<FileFacts, V> {
  const memory = new WeakMap<FileFacts, V>();
  memories.add(memory as WeakMap<object, unknown>);
  return memory;
}

export function forgetFacts(changed: Iterable<object>): void {
  for (const one of changed) for (const memory of memories) memory.delete(one);
}
