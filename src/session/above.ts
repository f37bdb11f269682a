import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { toPosixPath } from '../common/path.ts';
import { CONFIG_FILE } from '../engine/config/config.ts';

/** A folder that holds the scanned one. */
export interface Above {
  /** Absolute. */
  readonly folder: string;
  /** The scanned folder seen from there: `packages/api`. */
  readonly prefix: string;
}

/** A configuration file above the scanned folder. */
export interface OuterConfig {
  /** As messages name it, from the scanned folder: `../../underpin.config.jsonc`. */
  readonly path: string;
  readonly prefix: string;
  readonly text: string;
}

/**
 * The folders from the root of the git repository down to the one above `root`; none in no repository, where nobody
 * knows which folders above belong to the project.
 */
export function foldersAbove(root: string): readonly Above[] {
  const found: Above[] = [];
  for (let folder = root; !existsSync(join(folder, '.git')); ) {
    const parent = dirname(folder);
    if (parent === folder) return [];
    folder = parent;
    found.unshift({ folder, prefix: toPosixPath(relative(folder, root)) });
  }
  return found;
}

/** Settings of a repository hold for a part of it that is scanned by itself, too. The outermost first. */
export function outerConfigs(root: string): readonly OuterConfig[] {
  return foldersAbove(root).flatMap(({ folder, prefix }) => {
    const path = `${'../'.repeat(prefix.split('/').length)}${CONFIG_FILE}`;
    try {
      return [{ path, prefix, text: readFileSync(join(folder, CONFIG_FILE), 'utf8') }];
    } catch {
      return [];
    }
  });
}
