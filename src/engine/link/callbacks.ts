import type { ExprOf, FileFacts, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { perFile } from './kept/per-file.ts';

/** The call that a function is written into as an argument. */
export interface CallbackSite {
  readonly call: ExprOf<'call'>;
  readonly position: number;
}

export function callbackSite(facts: FileFacts, fn: FunctionFact): CallbackSite | undefined {
  return sites(facts).get(fn.id);
}

const sites = perFile((facts: FileFacts): ReadonlyMap<number, CallbackSite> => {
  const out = new Map<number, CallbackSite>();
  for (const fn of facts.functions) {
    eachExprIn(fn, e => {
      if (e.k !== 'call') return;
      e.a.forEach((arg, position) => {
        if (arg.k === 'fn') out.set(arg.f, { call: e, position });
      });
    });
  }
  return out;
});
