import { selfKey } from './called.ts';
import type { Program } from './program.ts';
import type { ApiValue, CallSite, Env, Value } from './values.ts';

/** Objects within objects that are compared; deeper ones count as different. */
const DEPTH = 6;

/** Whether two values, worked out apart, surely are the same to whoever looks at them. */
export function isSameValue(program: Program, a: Value | undefined, b: Value | undefined, depth = 0): boolean {
  if (a === b) return true;
  if (!a || !b || depth > DEPTH) return false;
  const same = (one: Value | undefined, other: Value | undefined): boolean =>
    isSameValue(program, one, other, depth + 1);
  const areSame = (ones: readonly Value[], others: readonly Value[]): boolean =>
    ones.length === others.length && ones.every((one, at) => same(one, others[at]));
  switch (a.k) {
    case 'unknown':
      return b.k === 'unknown';
    case 'const':
      return b.k === 'const' && Object.is(a.v, b.v);
    case 'env':
      return b.k === 'env' && a.name === b.name;
    case 'module':
      return b.k === 'module' && a.path === b.path;
    case 'regex':
      return b.k === 'regex' && a.source === b.source && a.flags === b.flags;
    case 'param':
      return b.k === 'param' && a.fn === b.fn && a.index === b.index;
    case 'api':
      return b.k === 'api' && isSameApi(a, b, same, areSame);
    case 'func':
      return b.k === 'func' && a.fn === b.fn && isSameEnv(a.env, b.env) && same(a.self, b.self);
    case 'class':
      return b.k === 'class' && a.cls === b.cls && isSameEnv(a.env, b.env);
    case 'instance':
      return b.k === 'instance' && selfKey(program, a) === selfKey(program, b) && same(a.of, b.of);
    case 'union':
      return b.k === 'union' && areSame(a.of, b.of);
    case 'array':
      return b.k === 'array' && a.open === b.open && areSame(a.items, b.items);
    case 'object':
      return (
        b.k === 'object' &&
        a.p === b.p &&
        a.open === b.open &&
        areSameNames([...a.props.keys()], [...b.props.keys()]) &&
        areSame([...a.props.values()], [...b.props.values()])
      );
    default:
      return false;
  }
}

function isSameApi(
  a: ApiValue,
  b: ApiValue,
  same: (one: Value | undefined, other: Value | undefined) => boolean,
  areSame: (ones: readonly Value[], others: readonly Value[]) => boolean,
): boolean {
  if (a.path !== b.path || a.inst !== b.inst || a.held || b.held || !same(a.from, b.from)) return false;
  if (!a.made || !b.made) return a.made === b.made;
  return isSameSite(a.made, b.made) && areSame(a.made.args, b.made.args);
}

function isSameSite(a: CallSite, b: CallSite): boolean {
  return a.call === b.call && isSameEnv(a.env, b.env);
}

/** Environments that know the same before anything is asked of them. */
function isSameEnv(a: Env, b: Env): boolean {
  if (a === b) return true;
  const isPlain = (env: Env): boolean => env.isStatic && ![...env.vars.keys()].some(name => name.startsWith('#'));
  return a.fn === b.fn && a.parent === b.parent && a.self === b.self && isPlain(a) && isPlain(b);
}

function areSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
