import { covers, joinPaths, pathText } from '../../link/paths.ts';
import type { RouterObject } from '../../link/router.ts';
import { stringOf, type Value } from '../../link/values.ts';
import type { ModuleGraph } from './state.ts';
import type { Pipe } from './validation.ts';

/** A guard that stands before every route of an application. */
export interface GlobalGuard {
  readonly value: Value;
  readonly via: string;
  readonly span: RouterObject['span'];
}

/** An application with what holds for all its routes. */
export interface Serving {
  readonly router: RouterObject;
  readonly graph: ModuleGraph;
  readonly guards: readonly GlobalGuard[];
  readonly pipes: readonly Pipe[];
}

/** A route's path below `setGlobalPrefix`, unless it is excluded from it. */
export function prefixed({ router }: Serving, local: string, method: string): string {
  const prefix = router.notes.get('prefix');
  if (!prefix) return local;
  for (const one of excluded(router.notes.get('prefix options'))) {
    const path = stringOf(one.k === 'object' ? one.props.get('path') : one);
    const verb = one.k === 'object' ? one.props.get('method') : undefined;
    if (path === undefined || covers(joinPaths(path), local, 'exact') !== true) continue;
    if (verb?.k === 'api' && !/\.ALL$/.test(verb.path) && !verb.path.endsWith(`.${method}`)) continue;
    return local;
  }
  return joinPaths(pathText(prefix).path, local);
}

function excluded(options: Value | undefined): readonly Value[] {
  const list = options?.k === 'object' ? options.props.get('exclude') : undefined;
  return list?.k === 'array' ? list.items : [];
}

/** The path segments a route's versions give: `v1`, or '' where versions are not part of the path. */
export function versionSegments({ router }: Serving, own: Value | undefined): readonly string[] {
  const options = router.notes.get('versioning');
  if (!options) return [''];
  const type = options.k === 'object' ? options.props.get('type') : undefined;
  if (type?.k === 'api' && !type.path.endsWith('.URI')) return [''];
  const version = own ?? (options.k === 'object' ? options.props.get('defaultVersion') : undefined);
  const given = options.k === 'object' ? options.props.get('prefix') : undefined;
  const prefix = given?.k === 'const' ? (typeof given.v === 'string' ? given.v : '') : 'v';
  return segments(version, prefix);
}

function segments(version: Value | undefined, prefix: string): readonly string[] {
  if (!version || (version.k === 'const' && version.v === undefined)) return [''];
  if (version.k === 'array') return version.items.flatMap(one => segments(one, prefix));
  // VERSION_NEUTRAL is a symbol of the library.
  return version.k === 'const' ? [`${prefix}${String(version.v)}`] : version.k === 'api' ? [''] : ['{?}'];
}
