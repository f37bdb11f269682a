import type { ArtefactKind, ArtefactOf } from '../model/artefacts.ts';

/** Reads one kind of artefact. Pure; an empty text must give empty facts. */
export interface ArtefactReader<K extends ArtefactKind> {
  readonly kind: K;
  /** Decides by the path (workspace-relative, POSIX) and the first `HEAD_LENGTH` units of the text. */
  matches(path: string, head: string): boolean;
  read(path: string, text: string): ArtefactOf<K>;
}

/** A reader of any kind. */
export type AnyReader = { readonly [K in ArtefactKind]: ArtefactReader<K> }[ArtefactKind];

/** How much of a text decides what it is, in UTF-16 units. */
export const HEAD_LENGTH = 8192;

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function hasExtension(path: string, ...extensions: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return extensions.some(extension => lower.endsWith(`.${extension}`));
}

export const isYaml = (path: string): boolean => hasExtension(path, 'yml', 'yaml');

/** Whether the head of a JSON or YAML file has a key at the root, as far as that shows without parsing. */
export function hasRootKey(head: string, key: string): boolean {
  if (!/^\s*\{/.test(head)) return new RegExp(`^["']?${key}["']?[ \\t]*:`, 'm').test(head);
  for (const match of head.matchAll(new RegExp(`"${key}"\\s*:`, 'g'))) {
    const before = head.slice(0, match.index).replace(/"(?:[^"\\]|\\.)*"/g, '');
    if (before.replace(/[^{[]/g, '').length - before.replace(/[^}\]]/g, '').length === 1) return true;
  }
  return false;
}
