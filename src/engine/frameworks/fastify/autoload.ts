import { posix } from 'node:path';
import { addTo } from '../../link/env.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import { type CallSite, constant, stringOf, type Value } from '../../link/values.ts';

const PLUGIN = /\.(?:[cm]?[jt]s)$/;
const NO_PLUGIN = /\.d\.[cm]?ts$|\.(?:test|spec)\.|(?:^|\/)_?autohooks\.[cm]?[jt]s$/;
const HOOKS = /^_?autohooks\.[cm]?[jt]s$/;

/** Registers one plugin in a scope: what `register` does with a function. */
/** Set on a plugin that shares the scope it is registered in. */
export const SHARED = '(shared)';

export type RegisterPlugin = (router: RouterObject, plugin: Value, prefix: string | undefined) => RouterObject;

/**
 * `@fastify/autoload` loads every file of a folder as a plugin; folders below it become prefixes. Files are taken from
 * the workspace, since nothing here reads a disk. False if the folder cannot be told.
 */
export function autoload(program: Program, router: RouterObject, site: CallSite, register: RegisterPlugin): boolean {
  const [, options] = site.args;
  if (options?.k !== 'object') return false;
  const dir = folderOf(options.props.get('dir'), site.file);
  if (dir === undefined) return false;
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = options.props.get(name);
    return value?.k === 'const' ? value.v !== false && value.v !== undefined : otherwise;
  };
  const inner = options.props.get('options');
  const given = stringOf(inner?.k === 'object' ? inner.props.get('prefix') : undefined) ?? '';
  const byFolder = new Map<string, string[]>();
  for (const path of [...program.units.keys()].sort()) {
    if (!path.startsWith(`${dir}/`) || !PLUGIN.test(path)) continue;
    const folder = posix.dirname(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  const scopes = new Map<string, RouterObject>();
  for (const [folder, files] of [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const relative = folder.slice(dir.length + 1);
    const above = flag('cascadeHooks', false) ? nearest(scopes, folder) : undefined;
    const prefix = flag('dirNameRoutePrefix', true) ? prefixOf(relative) : '';
    const hooks = flag('autoHooks', false) ? files.find(path => HOOKS.test(posix.basename(path))) : undefined;
    let scope = above ?? router;
    if (hooks) {
      scope = program.newRouter('fastify', site, { order: 'scoped', parent: scope });
      scopes.set(folder, scope);
      register(scope, shared(program.exported(hooks, 'default')), undefined);
    }
    for (const file of files) {
      if (NO_PLUGIN.test(file)) continue;
      const own = stringOf(program.exported(file, 'autoPrefix'));
      register(scope, program.exported(file, 'default'), posix.join('/', given, own ?? prefix));
    }
  }
  return true;
}

/** Hooks of an autohooks file are meant for the folder's scope itself. */
function shared(plugin: Value): Value {
  if (plugin.k === 'func') addTo(plugin, SHARED, constant(true));
  return plugin;
}

function nearest(scopes: ReadonlyMap<string, RouterObject>, folder: string): RouterObject | undefined {
  for (let at = posix.dirname(folder); at !== '.' && at !== '/'; at = posix.dirname(at)) {
    const found = scopes.get(at);
    if (found) return found;
  }
  return undefined;
}

/** A folder named `_id` is a parameter. */
function prefixOf(relative: string): string {
  return relative
    .split('/')
    .map(part => part.replace(/^__/, ':').replace(/^_/, ':'))
    .join('/');
}

/** `path.join(__dirname, 'routes')`: the texts of it below the file's own folder. */
function folderOf(value: Value | undefined, file: string): string | undefined {
  const args = value?.k === 'api' ? (value.made?.args ?? []) : value ? [value] : [];
  const texts = args.map(stringOf).filter(text => text !== undefined);
  if (texts.length === 0 || texts.length < args.length - 1) return undefined;
  return posix.join(posix.dirname(file), ...texts);
}
