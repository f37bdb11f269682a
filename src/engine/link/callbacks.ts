import type { ExprOf, FileFacts, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { factMemo } from './fact-memo.ts';

/** The call that a function is written into as an argument. */
export interface CallbackSite {
  readonly call: ExprOf<'call'>;
  readonly position: number;
}

const sites = factMemo<FileFacts, Map<number, CallbackSite>>();

export function callbackSite(facts: FileFacts, fn: FunctionFact): CallbackSite | undefined {
  let found = sites.get(facts);
  if (!found) {
    found = index(facts);
    sites.set(facts, found);
  }
  return found.get(fn.id);
}

function index(facts: FileFacts): Map<number, CallbackSite> {
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
}
