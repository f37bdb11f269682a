import type { ExprOf, FileFacts, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { perFile } from './kept/per-file.ts';

/** The call that a function is written into as an argument. */
export interface CallbackSite {
  readonly call: ExprOf<'call'>;
  readonly position: number;
}

export function callbackSite(facts: FileFacts, fn: FunctionFact): CallbackSite | undefined {
  return sites(facts).get(fn);
}

const sites = perFile((facts: FileFacts): ReadonlyMap<FunctionFact, CallbackSite> => {
  const out = new Map<FunctionFact, CallbackSite>();
  for (const fn of facts.functions) {
    eachExprIn(fn, e => {
      if (e.k !== 'call') return;
      e.a.forEach((arg, position) => {
        const given = arg.k === 'fn' ? facts.functions[arg.f] : undefined;
        if (given) out.set(given, { call: e, position });
      });
    });
  }
  return out;
});
