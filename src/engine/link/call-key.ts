import type { FuncValue, Value } from './values.ts';

const identities = new WeakMap<object, number>();
let nextIdentity = 1;

/** A number for an object: equal for the same one, in this process. */
export function identity(object: object): number {
  let known = identities.get(object);
  if (known === undefined) {
    known = nextIdentity++;
    identities.set(object, known);
  }
  return known;
}

/** Equal for calls that must give the same: the function, what it captured, and its arguments. */
export function callKey({ fn, env, self }: FuncValue, args: readonly Value[]): string {
  const parts = [identity(fn), identity(env), self ? identity(self) : 0, ...args.map(valueKey)];
  return parts.join(' ');
}

function valueKey(value: Value): string | number {
  switch (value.k) {
    case 'const':
      return typeof value.v === 'string' ? JSON.stringify(value.v) : String(value.v);
    case 'unknown':
      return '?';
    case 'env':
      return `$${value.name}`;
    case 'api':
      return `${value.path}${value.inst ? '#' : ''}${value.made ? identity(value.made.call) : ''}`;
    case 'func':
      return callKey(value, []);
    case 'router':
      return `r${identity(value.router)}`;
    default:
      return `@${identity(value)}`;
  }
}
