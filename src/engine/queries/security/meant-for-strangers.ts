import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, innerFunctions } from '../../link/env.ts';
import { bodyMemo } from '../../link/kept/fact-memo.ts';
import type { FunctionFact } from '../../model/facts.ts';

const known = bodyMemo<boolean>();

/**
 * Whether a handler is written for callers that nobody knows: it counts their requests itself, or lets pages of other
 * sites read its answer.
 */
export function isMeantForStrangers({ chain, handler }: Endpoint): boolean {
  if (chain.some(({ via, roles }) => via === 'in the handler' && roles.includes('limits-rate'))) return true;
  if (!handler) return false;
  const { facts } = handler.env.unit;
  return [handler.fn, ...innerFunctions(facts, handler.fn)].some(answersOtherSites);
}

function answersOtherSites(fn: FunctionFact): boolean {
  let found = known.get(fn);
  if (found === undefined) {
    found = false;
    eachExprIn(fn, e => {
      const text = e.k === 'str' ? e.v : e.k === 'id' || e.k === 'mem' ? e.n : '';
      if (/^access-control-allow-origin$|(?:^|_)cors(?:_?headers?)?$|^cors_?headers?$/i.test(text)) found = true;
      if (e.k === 'obj' && e.props.some(prop => prop.k === 'prop' && /^access-control-allow-origin$/i.test(prop.n)))
        found = true;
    });
    known.set(fn, found);
  }
  return found;
}
