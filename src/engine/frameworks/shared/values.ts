import type { Value } from '../../link/values.ts';

/** A property of an object value; undefined if it is none or has none of that name. */
export function propertyValue(of: Value | undefined, name: string): Value | undefined {
  return of?.k === 'object' ? of.props.get(name) : undefined;
}

export function isFalse(value: Value | undefined): boolean {
  return value?.k === 'const' && value.v === false;
}
