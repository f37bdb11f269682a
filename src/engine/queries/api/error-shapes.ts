import { callsIn } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, numberOf, spanIn } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** The ways in which one service tells its callers what went wrong, the rarest first. */
export interface ErrorShapes {
  readonly unit: string;
  readonly shapes: readonly { readonly form: string; readonly uses: readonly Span[] }[];
}

/** Two forms may be an old and a new one. */
const FORMS = 3;
/** A form that is used once is a slip, not a habit. */
const USES = 2;
const CARRIER = /^(?:errors?|err|msg|message|detail|details|reason|error_?(?:message|description))$/i;

/** Services whose error answers put the text in three or more places that have nothing in common. */
export function errorShapes({ reached, program, isJudged }: Model): ErrorShapes[] {
  const units = new Map<string, Map<string, Span[]>>();
  for (const [fn, { func, endpoints }] of reached) {
    const endpoint = endpoints.find(({ protocol }) => protocol === 'http');
    if (!endpoint || !isJudged(func.file)) continue;
    let env: Env | undefined;
    for (const { call } of callsIn(fn)) {
      const [body] = call.a;
      if (call.f.k !== 'mem' || !ANSWERS.test(call.f.n) || body?.k !== 'obj') continue;
      env ??= staticEnvOf(program, func);
      const form = formOf(body);
      if (form === undefined || !isFailure(call, env) || !answers(env, call)) continue;
      const forms = units.get(endpoint.unit) ?? new Map<string, Span[]>();
      units.set(endpoint.unit, forms);
      forms.set(form, [...(forms.get(form) ?? []), spanIn(env, body.p)]);
    }
  }
  return [...units].flatMap(([unit, forms]) => {
    const shapes = [...forms].map(([form, uses]) => ({ form, uses })).filter(({ uses }) => uses.length >= USES);
    if (shapes.length < FORMS) return [];
    return [{ unit, shapes: shapes.sort((a, b) => a.uses.length - b.uses.length || (a.form < b.form ? -1 : 1)) }];
  });

  function answers(env: Env, call: ExprOf<'call'>): boolean {
    const callee = evaluate(program, env, call.f);
    const kind = callee.k === 'api' ? program.adapters.response(program.adapters.canonical(callee.path)) : undefined;
    return (
      kind === 'json' || kind === 'send' || (callee.k === 'api' && /(?:^|\.)(?:Next)?Response\.json$/.test(callee.path))
    );
  }

  /** `res.status(404).json(…)`, `c.json(…, 404)`, `Response.json(…, { status: 404 })`. */
  function isFailure({ f, a }: ExprOf<'call'>, env: Env): boolean {
    const set =
      f.k === 'mem' && f.o.k === 'call' && f.o.f.k === 'mem' && /^(?:status|code)$/.test(f.o.f.n)
        ? f.o.a[0]
        : undefined;
    const option = a[1]?.k === 'obj' ? a[1].props.find(prop => prop.k === 'prop' && prop.n === 'status')?.v : a[1];
    const stated = set ?? option;
    return stated !== undefined && (numberOf(evaluate(program, env, stated)) ?? 0) >= 400;
  }
}

const ANSWERS = /^(?:json|send)$/;

/** Where the text stands, where that is one place only: `error`, `error.message`, a list of `errors`. */
function formOf({ props }: ExprOf<'obj'>): string | undefined {
  if (props.some(prop => prop.k === 'spread')) return undefined;
  const [carrier, more] = props.flatMap(prop => (prop.k === 'prop' && CARRIER.test(prop.n) ? [prop] : []));
  if (!carrier || more) return undefined;
  const { n: name, v } = carrier;
  if (v.k === 'arr') return `${name}[]`;
  if (v.k !== 'obj') return isText(v) ? name : undefined;
  const inner = v.props.find(prop => prop.k === 'prop' && CARRIER.test(prop.n));
  return inner?.k === 'prop' ? `${name}.${inner.n}` : undefined;
}

function isText(e: Expr): boolean {
  if (e.k === 'bin') return e.op === '+';
  if (e.k === 'log') return isText(e.r);
  return e.k === 'str' || e.k === 'tpl' || (e.k === 'mem' && e.n === 'message');
}
