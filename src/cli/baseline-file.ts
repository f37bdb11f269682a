import { isAbsolute, join, relative, resolve } from 'node:path';
import type { BaselineEntry } from '../engine/baseline/apply.ts';
import { BASELINE_FILE, readBaseline } from '../engine/baseline/file.ts';
import type { Config } from '../engine/config/config.ts';
import type { Problem } from '../engine/model/finding.ts';
import { CliError } from './exit.ts';
import { readTextFile } from './files.ts';

export interface LoadedBaseline {
  readonly path: string;
  readonly entries: readonly BaselineEntry[];
  readonly problems: readonly Problem[];
  readonly exists: boolean;
}

/** The baseline named on the command line (relative to `cwd`), else by the configuration, else the usual one. */
export async function loadBaseline(
  { root, cwd, config }: { readonly root: string; readonly cwd: string; readonly config: Config },
  given: string | undefined,
  mustExist: boolean,
): Promise<LoadedBaseline> {
  const path = given === undefined ? join(root, config.baseline ?? BASELINE_FILE) : resolve(cwd, given);
  const text = await readTextFile(path);
  if (text === undefined && mustExist && given !== undefined) {
    throw new CliError(`${path} does not exist; "underpin baseline create" writes it.`);
  }
  const { entries, problems } = readBaseline(nameIn(root, path), text ?? '');
  return { path, entries, problems, exists: text !== undefined };
}

function nameIn(root: string, path: string): string {
  const name = relative(root, path);
  return name.startsWith('..') || isAbsolute(name) ? path : name.replaceAll('\\', '/');
}
