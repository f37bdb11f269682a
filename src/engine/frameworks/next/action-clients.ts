import type { ChainLink } from '../../link/endpoint.ts';
import { type ApiValue, UNKNOWN, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { linksOf, methodOf } from '../shared/chains.ts';

export const CLIENT = 'next-safe-action.Client';
/** An action that got its function. */
export const ACTION = 'next-safe-action.Action';

/** What an action was built of: the middleware of its client in order, and the function that does the work. */
export interface BuiltAction {
  readonly steps: readonly Value[];
  readonly resolver: Value;
  readonly schemas: readonly Value[];
}

/** Reads `client.use(…).inputSchema(…).action(…)` from its end back to where the client was made. */
export function builtAction(value: ApiValue): BuiltAction | undefined {
  if (value.path !== ACTION) return undefined;
  const links = linksOf(value);
  const given = (names: RegExp): Value[] =>
    links.flatMap(link => (names.test(methodOf(link)) ? (link.made?.args.slice(0, 1) ?? []) : []));
  return {
    steps: given(/^use$/).map(step =>
      step.k === 'api' && methodOf(step) === 'define' ? (step.made?.args[0] ?? step) : step,
    ),
    resolver: value.made?.args[0] ?? UNKNOWN,
    schemas: given(/^(?:inputS|s|bindArgsS)chemas?$/),
  };
}

export function validationOf({ schemas }: BuiltAction, span: Span): ChainLink[] {
  const why = 'the action’s input is parsed';
  return schemas.map(value => ({
    value,
    roles: ['validates-body'],
    span,
    via: 'input of the action',
    why,
    evidence: [],
  }));
}
