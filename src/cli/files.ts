import { randomBytes } from 'node:crypto';
import { lstat, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError, describeIo, EXIT } from './exit.ts';

/** The folder to work on as an absolute path; it must exist and be readable. */
export async function folderAt(cwd: string, path: string | undefined): Promise<string> {
  const folder = resolve(cwd, path ?? '.');
  const found = await stat(folder).catch((error: unknown) => {
    throw new CliError(describeIo(error, folder), isDenied(error) ? EXIT.incomplete : EXIT.usage);
  });
  if (!found.isDirectory()) throw new CliError(`${folder} is a file; name the folder to scan.`);
  return folder;
}

/** Undefined if there is no such file. */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError(describeIo(error, path), EXIT.incomplete);
  }
}

/** Writes beside the file and renames, so that no reader ever sees half of it; a symbolic link stays one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const isLink = await lstat(path).then(
    found => found.isSymbolicLink(),
    () => false,
  );
  const mode = await stat(path).then(
    found => found.mode & 0o777,
    () => undefined,
  );
  try {
    if (isLink) return await writeFile(path, text);
    const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeFile(draft, text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new CliError(isGone ? `${path} cannot be written: its folder does not exist.` : describeIo(error, path));
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}
