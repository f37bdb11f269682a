import type { Model } from '../model.ts';
import type { Program } from '../program.ts';
import { keptUntilDropped } from './slices.ts';

/** What several rules ask of a model as a whole: worked out once, and again when something it was read from changes. */
export function perModel<T>(read: (model: Model) => T): (model: Model) => T {
  const memory = new WeakMap<Program, Map<'it', { readonly value: T }>>();
  return model => {
    const own = memory.get(model.program) ?? new Map();
    memory.set(model.program, own);
    return keptUntilDropped(model.program.cells, own, 'it', () => ({ value: read(model) })).value;
  };
}
