import { identity } from '../../link/call-key.ts';
import { type ApiValue, stringOf, type Value } from '../../link/values.ts';
import type { Decoration } from '../shared/decorations.ts';

/** The key and the value that a decoration stores as metadata. */
export function metadataOf({ value, path, args }: Decoration): { key: string; value: Value | undefined } | undefined {
  if (path === '@nestjs/common.SetMetadata') {
    const key = metadataKey(args[0]);
    return key === undefined ? undefined : { key, value: args[1] };
  }
  if (value.k === 'api' && path === CREATED && value.from) {
    const key = metadataKey(value.from);
    return key === undefined ? undefined : { key, value: args[0] };
  }
  return undefined;
}

const CREATED = '@nestjs/core.Reflector.createDecorator()';

/** A metadata key as text: a string, or the place where `Reflector.createDecorator` made the decorator. */
export function metadataKey(value: Value | undefined): string | undefined {
  if (value?.k === 'api') {
    const made = (value as ApiValue).made;
    return made && value.path === CREATED ? `#${identity(made.call)}` : value.path;
  }
  return stringOf(value);
}
