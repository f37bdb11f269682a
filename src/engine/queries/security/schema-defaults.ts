import { evaluate } from '../../link/evaluate.ts';
import { definition, type Literal, optionPlace, type Place } from '../../link/literals.ts';
import type { Program } from '../../link/program.ts';
import { spanIn } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';

const PARSES = /#(?:safeP|p)arse(?:Async)?\(\)$/;

/**
 * The default that a schema of the environment has for the variable a place reads:
 * `schema.parse(process.env).SECRET` with `SECRET: string().default('…')`. Refined schemas may refuse it and give none.
 */
export function schemaDefault(program: Program, start: Place): Literal | undefined {
  const place = definition(program, start);
  if (place.expr.k !== 'mem') return undefined;
  const { n: variable } = place.expr;
  const value = evaluate(program, place.env, place.expr);
  let from = value.k === 'api' ? value.from : undefined;
  if (from?.path.endsWith('#data')) from = from.from;
  const made = from?.made;
  const [input] = made?.args ?? [];
  if (!from || !made || !PARSES.test(from.path) || input?.k !== 'api' || input.path !== 'process.env') return undefined;
  if (made.call.f.k !== 'mem') return undefined;
  const schema = definition(program, { env: made.env, expr: made.call.f.o });
  if (schema.expr.k !== 'call' || schema.expr.f.k !== 'mem' || !/^(?:strict|loose)?object$/i.test(schema.expr.f.n))
    return undefined;
  const [fields] = schema.expr.a;
  const field = fields && optionPlace(program, { env: schema.env, expr: fields }, variable);
  const text = field && defaultOf(field.expr);
  if (!field || text?.k !== 'str') return undefined;
  return {
    text: text.v,
    span: spanIn(field.env, text.p),
    place: { env: field.env, expr: text },
    fallbackOf: variable,
    names: [variable],
  };
}

function defaultOf(expr: Expr): Expr | undefined {
  for (let at = expr; at.k === 'call' && at.f.k === 'mem'; at = at.f.o) if (at.f.n === 'default') return at.a[0];
  return undefined;
}
