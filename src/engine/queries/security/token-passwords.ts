import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, type Value } from '../../link/values.ts';

/** What a token tells everybody who holds it. */
export interface ToldPassword {
  readonly operation: Operation;
  readonly field: string;
}

const PASSWORD = /^(?:password|passwd|passphrase)$/i;

/** Tokens that are signed, which hides nothing, with a password among what they say. */
export function passwordsInTokens(model: Model): ToldPassword[] {
  return model.operations('jwt-sign').flatMap(operation => {
    const payload = operation.args['payload'];
    const field = payload && passwordIn(evaluate(model.program, payload.env, payload.expr), 0);
    return field === undefined ? [] : [{ operation, field }];
  });
}

function passwordIn(value: Value, depth: number): string | undefined {
  for (const one of alternatives(value)) {
    if (one.k !== 'object') continue;
    for (const [name, held] of one.props) {
      if (PASSWORD.test(name) && !isAbsent(held)) return name;
      const inner = depth < 1 ? passwordIn(held, depth + 1) : undefined;
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** `password: undefined` is left out of what is written; whether one is set is no secret. */
function isAbsent(value: Value): boolean {
  return value.k === 'const' && (value.v === undefined || value.v === null || typeof value.v === 'boolean');
}
