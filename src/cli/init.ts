import { join } from 'node:path';
import { CONFIG_FILE } from '../engine/config/config.ts';
import { INITIAL_CONFIG } from '../engine/config/init.ts';
import type { Context } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { folderAt, readTextFile, writeWhole } from './files.ts';

/** Writes a small configuration file; one that is there stays as it is. */
export async function init({ io }: Context, path: string | undefined): Promise<ExitCode> {
  const file = join(await folderAt(io.cwd, path), CONFIG_FILE);
  if ((await readTextFile(file)) !== undefined) throw new CliError(`${file} exists already.`);
  await writeWhole(file, INITIAL_CONFIG);
  io.stderr.write(`${file} written.\n`);
  return EXIT.clean;
}
