import { posix } from 'node:path';
import type { ProjectFiles } from './project.ts';

export type ModuleTarget =
  | { readonly k: 'file'; readonly path: string }
  /** `name` is the whole specifier, e.g. `next/server`; built-ins are normalised to `node:fs`. */
  | { readonly k: 'package'; readonly name: string }
  | { readonly k: 'missing'; readonly specifier: string };

/** Which extension wins where several files share a stem. */
const PRIORITY = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];
// TypeScript sources import the name of what they will be compiled to.
const COMPILED = /\.(?:[cm]?js|jsx)$/;

const BUILTINS = new Set(
  'assert async_hooks buffer child_process cluster console crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);

/** Resolves a module specifier of `from` (both workspace-relative POSIX paths) without touching the disk. */
export function resolveModule(project: ProjectFiles, from: string, specifier: string): ModuleTarget {
  if (specifier.startsWith('.')) {
    return fileAt(project, posix.join(posix.dirname(from), specifier)) ?? { k: 'missing', specifier };
  }
  const scope = project.aliasScope(from);
  let known = project.bareTargets.get(scope);
  if (!known) {
    known = new Map();
    project.bareTargets.set(scope, known);
  }
  let target = known.get(specifier);
  if (!target) {
    target = resolveBare(project, from, specifier);
    known.set(specifier, target);
  }
  return target;
}

/** Depends on the file only through the tsconfig that holds for it. */
function resolveBare(project: ProjectFiles, from: string, specifier: string): ModuleTarget {
  if (specifier.startsWith('node:')) return { k: 'package', name: specifier };
  // A slash at the end asks for the package of that name, not for the built-in.
  if (BUILTINS.has(specifier.split('/')[0]!) && !specifier.endsWith('/') && !project.workspacePackage(specifier)) {
    return { k: 'package', name: `node:${specifier}` };
  }
  for (const candidate of project.aliases(from, specifier)) {
    const found = fileAt(project, posix.normalize(candidate));
    if (found) return found;
  }
  const local = project.workspacePackage(specifier);
  if (local) {
    for (const candidate of local) {
      const found = fileAt(project, posix.normalize(candidate));
      if (found) return found;
    }
    return { k: 'missing', specifier };
  }
  if (specifier.startsWith('/') || specifier.startsWith('#')) return { k: 'missing', specifier };
  return { k: 'package', name: specifier.replace(/\/$/, '') };
}

/** The file behind a path without, with, or with a compiled extension, or behind a folder's index. */
function fileAt(project: ProjectFiles, path: string): ModuleTarget | undefined {
  if (project.has(path)) return { k: 'file', path };
  const byStem = best(project, path) ?? (COMPILED.test(path) ? best(project, path.replace(COMPILED, '')) : undefined);
  const found = byStem ?? best(project, path === '.' ? 'index' : `${path.replace(/\/$/, '')}/index`);
  return found === undefined ? undefined : { k: 'file', path: found };
}

function best(project: ProjectFiles, stem: string): string | undefined {
  const extensions = project.extensionsOf(stem);
  if (!extensions) return undefined;
  const extension = PRIORITY.find(one => extensions.includes(one));
  return extension === undefined ? undefined : stem + extension;
}
