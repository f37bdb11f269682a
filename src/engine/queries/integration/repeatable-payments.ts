import { eachExpr } from '../../link/env.ts';
import { definition, optionPlace } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Expr } from '../../model/facts.ts';

/** A call that moves money and that nothing keeps from doing so twice. */
export interface RepeatablePayment {
  readonly operation: Operation;
  /** `random`: there is a key, but each try makes another one. */
  readonly problem: 'missing' | 'random';
  /** It runs again by itself: for a message or a job. */
  readonly retried: boolean;
}

const RANDOM = /^(?:randomUUID|uuid|uuidv4|v4|nanoid|randomBytes|random|now)$/;

/** In the way of requests, messages and jobs, where a second try is a matter of time. */
export function repeatablePayments(model: Model): RepeatablePayment[] {
  const consumers = new Set(model.consumers.map(({ func }) => func.fn));
  return model.operations('payment').flatMap((operation): RepeatablePayment[] => {
    const way = model.reached.get(operation.fn);
    if (!way || operation.site.call.a.some(one => one.k === 'spread')) return [];
    const retried = consumers.has(operation.fn);
    const options = operation.args['options'];
    if (!options) return [{ operation, problem: 'missing', retried }];
    const place = { env: options.env, expr: options.expr };
    const { expr } = definition(model.program, place);
    if (expr.k !== 'obj' || expr.props.some(prop => prop.k !== 'prop')) return [];
    const key = optionPlace(model.program, place, String(operation.is['key']));
    if (!key) return [{ operation, problem: 'missing', retried }];
    return isRandom(key.expr) ? [{ operation, problem: 'random', retried }] : [];
  });
}

/** Made anew where it is used: a call for random text, and nothing else in it. */
function isRandom(e: Expr): boolean {
  let random = false;
  let other = false;
  eachExpr(e, one => {
    if (one.k === 'call') {
      const name = one.f.k === 'mem' || one.f.k === 'id' ? one.f.n : '';
      if (RANDOM.test(name)) random = true;
    } else if (one.k === 'tpl' && one.parts.some(part => typeof part !== 'string' && part.k !== 'call')) other = true;
  });
  return random && !other;
}
