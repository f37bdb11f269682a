import { alternatives, type Value } from '../../link/values.ts';

/**
 * Whether a server answers nothing but operations that its makers put on a list. Automatic persisted queries are a
 * cache that anyone may fill, and no list.
 */
export function takesOnlyKnown({ props }: Value & { readonly k: 'object' }): boolean {
  const isTrue = (value: Value | undefined): boolean => value?.k === 'const' && value.v === true;
  if (isTrue(props.get('onlyPersisted'))) return true;
  const provider = props.get('persistedQueryProvider');
  if (provider?.k === 'api' && /\bpreparedOnly\b/.test(provider.path)) return true;
  const plugins = props.get('plugins');
  return (
    plugins?.k === 'array' &&
    plugins.items.some(item =>
      alternatives(item).some(one => one.k === 'api' && /persisted-(?:operations|documents)/.test(one.path)),
    )
  );
}
