import type { Program } from '../../link/program.ts';
import { alternatives, type FuncValue, type Value } from '../../link/values.ts';
import { settledWrapping } from '../../link/wrappers.ts';
import { giveResolverParams } from './schema.ts';

/** Helpers that run several resolvers one after the other: all but the last may turn the caller away. */
const IN_TURN = /(?:^|[.#])(?:combineResolvers|pipeResolvers|composeResolver|compose|pipe)\(\)$/;

export interface Resolver {
  /** Guards first, the resolver last. */
  readonly handlers: readonly Value[];
  readonly func: FuncValue | undefined;
  readonly partial: string | undefined;
}

/** What a field of a resolver map runs: a function, an object with `resolve` or `subscribe`, or what a wrapper was given. */
export function readResolver(program: Program, value: Value, parentAt = 0): Resolver {
  const handlers = handlersOf(value);
  for (const one of handlers) giveAll(program, one, parentAt);
  const last = handlers.at(-1);
  const func = last && functionIn(last);
  const partial = !func
    ? 'the resolver could not be resolved'
    : last.k === 'api'
      ? `what ${last.path.replace('()', '')} does around the resolver is not known`
      : undefined;
  return { handlers, func: (func && settledWrapping(program, func)?.wrapped) ?? func, partial };
}

function handlersOf(value: Value): readonly Value[] {
  const [first] = alternatives(value).filter(one => one.k !== 'unknown' && !(one.k === 'const' && one.v == null));
  if (first?.k === 'object') {
    // What a subscription sends was decided when somebody subscribed.
    const inner = first.props.get('subscribe') ?? first.props.get('resolve');
    return inner ? handlersOf(inner) : [];
  }
  if (first?.k === 'api' && first.made && IN_TURN.test(first.path))
    return first.made.args.flatMap(arg => (arg.k === 'array' ? arg.items : [arg]));
  return first ? [first] : [];
}

function functionIn(value: Value): FuncValue | undefined {
  if (value.k === 'func') return value;
  const inner = value.k === 'api' ? value.made?.args.find(arg => arg.k === 'func') : undefined;
  return inner?.k === 'func' ? inner : undefined;
}

function giveAll(program: Program, value: Value, parentAt: number): void {
  if (value.k === 'func') giveResolverParams(program, value, parentAt);
  else if (value.k === 'api') for (const arg of value.made?.args ?? []) giveAll(program, arg, parentAt);
}
