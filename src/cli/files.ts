import { randomBytes } from 'node:crypto';
import { access, constants, lstat, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError, describeIo, EXIT } from './exit.ts';

/** The folder to work on as an absolute path; it must exist and be readable. */
export async function folderAt(cwd: string, path: string | undefined): Promise<string> {
  const folder = resolve(cwd, path ?? '.');
  const refuse = (error: unknown): never => {
    throw new CliError(describeIo(error, folder, 'read'), isDenied(error) ? EXIT.incomplete : EXIT.usage);
  };
  const found = await stat(folder).catch(refuse);
  if (!found.isDirectory()) throw new CliError(`${folder} is a file; name the folder to scan.`);
  await access(folder, constants.R_OK | constants.X_OK).catch(refuse);
  return folder;
}

/** Ends the command if a report could not be written there: better now than after the scan. */
export async function assertWritable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new CliError(`${path} is a folder; name the file to write.`);
  // What is neither file nor folder, such as /dev/stdout or a pipe, is written in place.
  if (found && !found.isFile()) return;
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw new CliError(writeProblem(error, path));
  });
}

/** Undefined if there is no such file. */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError(describeIo(error, path, 'read'), EXIT.incomplete);
  }
}

/** Writes beside the file and renames, so that no reader ever sees half of it; a symbolic link stays one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  // A device or a pipe is no file that could be replaced.
  const isInPlace = await lstat(path).then(
    found => !found.isFile() && !found.isDirectory(),
    () => false,
  );
  const mode = await stat(path).then(
    found => found.mode & 0o777,
    () => undefined,
  );
  try {
    if (isInPlace) return await writeFile(path, text);
    const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeFile(draft, text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    throw new CliError(writeProblem(error, path));
  }
}

function writeProblem(error: unknown, path: string): string {
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isGone ? `${path} cannot be written: its folder does not exist.` : describeIo(error, path, 'written');
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}
