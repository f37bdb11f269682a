import { posix } from 'node:path';
import type { ProjectFiles } from './project.ts';

export type ModuleTarget =
  | { readonly k: 'file'; readonly path: string }
  /** `name` is the whole specifier, e.g. `next/server`; built-ins are normalised to `node:fs`. */
  | { readonly k: 'package'; readonly name: string }
  | { readonly k: 'missing'; readonly specifier: string };

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
// TypeScript sources import the name of what they will be compiled to.
const COMPILED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
  '.jsx': ['.tsx', '.jsx'],
};

const BUILTINS = new Set(
  'assert async_hooks buffer child_process cluster console crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);

/** Resolves a module specifier of `from` (both workspace-relative POSIX paths) without touching the disk. */
export function resolveModule(project: ProjectFiles, from: string, specifier: string): ModuleTarget {
  const folder = posix.dirname(from);
  if (specifier.startsWith('.')) return file(project, posix.join(folder, specifier)) ?? { k: 'missing', specifier };
  if (specifier.startsWith('node:')) return { k: 'package', name: specifier };
  if (BUILTINS.has(specifier.split('/')[0]!) && !project.workspacePackage(specifier))
    return { k: 'package', name: `node:${specifier}` };
  for (const candidate of project.aliases(from, specifier)) {
    const found = file(project, candidate);
    if (found) return found;
  }
  const local = project.workspacePackage(specifier);
  if (local) {
    for (const candidate of local) {
      const found = file(project, candidate);
      if (found) return found;
    }
    return { k: 'missing', specifier };
  }
  if (specifier.startsWith('/') || specifier.startsWith('#')) return { k: 'missing', specifier };
  return { k: 'package', name: specifier };
}

/** The file behind a path without, with, or with a compiled extension, or behind a folder's index. */
function file({ has }: ProjectFiles, base: string): ModuleTarget | undefined {
  const path = posix.normalize(base);
  if (has(path)) return { k: 'file', path };
  const extension = posix.extname(path);
  for (const source of COMPILED[extension] ?? []) {
    const candidate = path.slice(0, -extension.length) + source;
    if (has(candidate)) return { k: 'file', path: candidate };
  }
  for (const added of EXTENSIONS) if (has(path + added)) return { k: 'file', path: path + added };
  for (const added of EXTENSIONS) {
    const candidate = posix.join(path, `index${added}`);
    if (has(candidate)) return { k: 'file', path: candidate };
  }
  return undefined;
}
