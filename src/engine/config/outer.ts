import { isInside } from '../../common/path.ts';
import type { Config, FlowSettings } from './config.ts';

/**
 * A configuration from above the scanned folder, which is `prefix` seen from there, as one of that folder: paths of
 * functions lead to it or nowhere. A baseline stays behind, for it names files from its own folder.
 */
export function fromAbove({ baseline: _, ...config }: Config, prefix: string): Config {
  const here = (entry: string): string => (entry.startsWith(`${prefix}/`) ? entry.slice(prefix.length + 1) : entry);
  const named = (key: 'guards' | 'validators' | 'limiters') => {
    const entries = config[key];
    return entries ? { [key]: entries.map(here) } : {};
  };
  return {
    ...config,
    ...named('guards'),
    ...named('validators'),
    ...named('limiters'),
    ...(config.ai ? { ai: denyHere(config.ai, prefix) } : {}),
    ...(config.flow ? { flow: flowFrom(config.flow, here) } : {}),
  };
}

/** What may not be sent from up there may not be sent from here: a pattern that names the folder or one above denies all. */
function denyHere({ deny = [], ...ai }: NonNullable<Config['ai']>, prefix: string): NonNullable<Config['ai']> {
  const here = deny.map(line => {
    const path = line.replace(/^\//, '').replace(/\/$/, '');
    if (isInside(path, prefix)) return '**';
    return path.startsWith(`${prefix}/`) ? line.replace(/^\//, '').slice(prefix.length) : line;
  });
  return { ...ai, deny: here };
}

function flowFrom({ sources, sinks, sanitizers }: FlowSettings, here: (entry: string) => string): FlowSettings {
  const moved = <T extends { readonly call: string }>(one: T): T => ({ ...one, call: here(one.call) });
  return {
    ...(sources ? { sources: sources.map(moved) } : {}),
    ...(sinks ? { sinks: sinks.map(moved) } : {}),
    ...(sanitizers ? { sanitizers: sanitizers.map(moved) } : {}),
  };
}
