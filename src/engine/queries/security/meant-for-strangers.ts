import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { bodyMemo } from '../../link/kept/fact-memo.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, type FileUnit, type Value } from '../../link/values.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';

const HEADER = /^access-control-allow-origin$/i;

/**
 * Whether a handler is written for callers that nobody knows: it counts their requests itself, lets pages of other
 * sites read its answer, or does nothing but say that nothing is there.
 */
export function isMeantForStrangers(program: Program, { chain, handler }: Endpoint): boolean {
  if (chain.some(({ via, roles }) => via === 'in the handler' && roles.includes('limits-rate'))) return true;
  if (!handler) return false;
  if (isMissing(handler.fn)) return true;
  const { unit } = handler.env;
  return [handler.fn, ...innerFunctions(unit.facts, handler.fn)].some(fn => answersOtherSites(program, unit, fn));
}

const missing = bodyMemo<boolean>();

/** `return this.notFound()`, `res.status(404).end()`: one statement that answers 404. */
function isMissing(fn: FunctionFact): boolean {
  let found = missing.get(fn);
  if (found === undefined) {
    found = false;
    if (fn.body.length === 1 && (fn.body[0]!.k === 'ret' || fn.body[0]!.k === 'expr'))
      eachExprIn(fn, e => {
        const callee = e.k === 'call' && !e.new ? e.f : undefined;
        if (callee?.k !== 'mem') return;
        const [status] = e.k === 'call' ? e.a : [];
        if (/^not_?found$/i.test(callee.n) || (STATUS.test(callee.n) && status?.k === 'num' && status.v === 404))
          found = true;
      });
    missing.set(fn, found);
  }
  return found;
}

const STATUS = /^(?:status|sendStatus|code|writeHead)$/;

function answersOtherSites(program: Program, unit: FileUnit, fn: FunctionFact): boolean {
  const { states, candidates } = saidIn(fn);
  return states || candidates.some(e => alternatives(evaluate(program, program.staticEnv(unit, fn), e)).some(mayState));
}

/** Headers, or a function that sets them; what cannot be seen may be either. */
function mayState(value: Value): boolean {
  if (value.k === 'object') return value.open || [...value.props.keys()].some(name => HEADER.test(name));
  return value.k === 'func' ? saidIn(value.fn).states : value.k !== 'const';
}

interface Said {
  /** The header's name stands in the function. */
  readonly states: boolean;
  /** What is called like it: its value decides. */
  readonly candidates: readonly Expr[];
}

const known = bodyMemo<Said>();

function saidIn(fn: FunctionFact): Said {
  let found = known.get(fn);
  if (!found) {
    let states = false;
    const candidates: Expr[] = [];
    eachExprIn(fn, e => {
      if (e.k === 'str' && HEADER.test(e.v)) states = true;
      if (e.k === 'obj' && e.props.some(prop => prop.k === 'prop' && HEADER.test(prop.n))) states = true;
      if ((e.k === 'id' || e.k === 'mem') && /(?:^|_)cors(?:_?headers?)?$/i.test(e.n)) candidates.push(e);
    });
    found = { states, candidates };
    known.set(fn, found);
  }
  return found;
}
