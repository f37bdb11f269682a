import type { ChainLink } from '../../link/endpoint.ts';
import type { RouterEntry } from '../../link/router.ts';
import { constant, UNKNOWN } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import type { Procedure } from './procedures.ts';

export interface Leaf {
  readonly name: string;
  /** Undefined where what is registered could not be followed. */
  readonly procedure: Procedure | undefined;
  readonly span: Span;
}

type Input = ChainLink['roles'];
const BODY: Input = ['validates-body'];

/** The route of a procedure; `place`: where its input comes from. */
export function entryOf({ name, procedure, span }: Leaf, place: Input = BODY): RouterEntry & { k: 'route' } {
  return {
    k: 'route',
    methods: [procedure?.kind ?? 'ALL'],
    path: constant(name),
    handlers: procedure ? [...procedure.steps, procedure.resolver] : [UNKNOWN],
    span,
    conditional: false,
    ...(procedure
      ? { judge: () => ({ steps: validationOf(procedure, place) }) }
      : { partial: 'what is registered under this name could not be followed' }),
  };
}

/** An input parser that refuses something; one that takes anything checks nothing. */
function validationOf({ inputs, span }: Procedure, place: Input): ChainLink[] {
  return inputs.flatMap(({ made: site }): ChainLink[] => {
    const schema = site?.args[0];
    if (!schema || (schema.k === 'api' && ANYTHING.test(schema.path))) return [];
    const why = 'the procedure’s input is parsed';
    return [{ value: schema, roles: place, span, via: 'input of the procedure', why, evidence: [] }];
  });
}

const ANYTHING = /^(?:zod|valibot)\.(?:any|unknown)(?:\(\)|$)/;
