import { stringOf, type Value } from '../../link/values.ts';

/** What stands before the routes that a matcher names. */
export interface MatchedSteps {
  readonly covers: (method: string, path: string) => boolean;
  readonly steps: readonly Value[];
}

/** The list that a `middlewares` file exports, in its order; undefined where it cannot be read to its end. */
export function matchedSteps(exported: Value): readonly MatchedSteps[] | undefined {
  const list = listOf(exported);
  if (!list || list.open) return undefined;
  const out: MatchedSteps[] = [];
  for (const entry of list.items) {
    const one = entry.k === 'object' ? entry : undefined;
    const matches = one && matcherOf(one.props.get('matcher'), !methodsOf(one.props));
    const steps = one?.props.get('middlewares');
    if (!matches) return undefined;
    if (!steps || steps.k === 'const') continue;
    const methods = methodsOf(one.props);
    out.push({
      covers: (method, path) => (!methods || methods.includes(method)) && matches(path),
      steps: steps.k === 'array' ? steps.items : [steps],
    });
  }
  return out;
}

/** `defineMiddlewares([…])`, `defineMiddlewares({ routes: […] })`, or the plain object. */
function listOf(value: Value): (Value & { k: 'array' }) | undefined {
  if (value.k === 'array') return value;
  if (value.k === 'object') return listOf(value.props.get('routes') ?? { k: 'array', items: [], open: false });
  return value.k === 'api' && value.made?.args[0] ? listOf(value.made.args[0]) : undefined;
}

/** Undefined for every method. */
function methodsOf(props: ReadonlyMap<string, Value>): readonly string[] | undefined {
  const stated = props.get('method') ?? props.get('methods');
  const names = (stated?.k === 'array' ? stated.items : stated ? [stated] : []).flatMap(one => stringOf(one) ?? []);
  return names.length === 0 || names.some(name => name === 'ALL' || name === 'USE') ? undefined : names;
}

/** Without a method a matcher covers everything below it, with one the path itself. */
function matcherOf(value: Value | undefined, isPrefix: boolean): ((path: string) => boolean) | undefined {
  const source = value?.k === 'regex' ? value.source : textOf(value, isPrefix);
  if (source === undefined) return undefined;
  try {
    const pattern = new RegExp(source, 'i');
    return path => pattern.test(path);
  } catch {
    return undefined;
  }
}

function textOf(value: Value | undefined, isPrefix: boolean): string | undefined {
  const text = stringOf(value);
  if (text === undefined) return undefined;
  const pattern = text
    .replace(/\/$/, '')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return `^${pattern}${isPrefix ? '(?:/.*)?' : '/?'}$`;
}
