import { type Reaching, reachedByUsers, reaching } from '../../flow/findings.ts';
import { callsWhere } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, spanIn, stringOf } from '../../link/values.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { expressionAt } from '../expression-at.ts';
import { type RegexText, regexOf } from './regex-shape.ts';
import { costOf, type PatternCost } from './slow-patterns.ts';

/** Untrusted text on which a pattern can be kept busy. */
export interface SlowMatch {
  readonly reached: Reaching;
  readonly cost: PatternCost;
  /** Where the text is as long as a body may be: the head of a request ends after 16 KiB. */
  readonly long: boolean;
}

const LONG = new Set(['body', 'raw', 'files', 'answer']);

export function slowMatches(model: Model): SlowMatch[] {
  return [...reaching(model, 'matched', 'remote'), ...reachedByUsers(model, 'matched')].flatMap(reached => {
    const cost = costAt(model, reached);
    if (!cost) return [];
    return [{ reached, cost, long: reached.flows.some(({ source }) => LONG.has(source.part)) }];
  });
}

/** A pattern that validates what callers send, in a schema or by a validator's method, and explodes on it. */
export interface SlowSchema {
  readonly span: Span;
  readonly part: string;
}

/** Libraries whose methods hand a pattern to every value they check. */
const VALIDATORS = /^(?:zod|joi|yup|valibot|superstruct|class-validator)[./#()]/;
const METHODS = new Set(['regex', 'pattern', 'matches', 'Matches']);

export const slowSchemas: (model: Model) => SlowSchema[] = perUnit((model, unit) => {
  const out: SlowSchema[] = [];
  const judge = (env: Env, at: Expr): void => {
    const value = evaluate(model.program, env, at);
    const text = stringOf(value);
    const cost = costIn(at, text === undefined ? regexOf(value) : { source: text, flags: 'u' });
    if (cost?.growth === 'exponential') out.push({ span: spanIn(env, at.p), part: cost.part });
  };
  for (const { object, value, fn } of writtenOptions(unit.facts).get('pattern') ?? []) {
    const isSchema = object?.props.some(
      one => one.k === 'prop' && one.n === 'type' && one.v.k === 'str' && one.v.v === 'string',
    );
    if (isSchema) judge(model.program.staticEnv(unit, fn), value);
  }
  for (const { fn, used } of patternMethods(unit.facts)) {
    const { f, a } = used.call;
    const env = model.program.staticEnv(unit, fn);
    const known = alternatives(evaluate(model.program, env, f)).some(
      one => one.k === 'api' && VALIDATORS.test(one.path),
    );
    if (known) judge(env, a[0]!);
  }
  return out;
});

const patternMethods = callsWhere(({ call: { f, a } }) => f.k === 'mem' && METHODS.has(f.n) && a.length > 0);

function costIn(at: Expr, regex: RegexText | undefined): PatternCost | undefined {
  return regex && /[*+]|\{\d+,\}/.test(regex.source) ? costOf(at, regex) : undefined;
}

function costAt(model: Model, { span }: Reaching): PatternCost | undefined {
  const found = expressionAt(model, span);
  const regex = found && regexOf(evaluate(model.program, found.env, found.e));
  return found && regex && costOf(found.e, regex);
}
