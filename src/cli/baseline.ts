import type { BaselineEdit } from '../engine/baseline/edit.ts';
import { createBaseline, pruneBaseline, updateBaseline } from '../engine/baseline/edit.ts';
import { writeBaseline } from '../engine/baseline/file.ts';
import { count, problemText } from '../report/words.ts';
import { type LoadedBaseline, loadBaseline } from './baseline-file.ts';
import { type Context, withSession } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { folderAt, writeWhole } from './files.ts';
import { exitCode, scanWithProgress } from './scan.ts';
import { rootConfig } from './settings.ts';

export interface BaselineFlags {
  readonly baseline?: string;
  readonly cache: boolean;
  /** Only `create` knows it. */
  readonly force?: boolean;
}

export type BaselineAction = 'create' | 'update' | 'prune';

/** Writes the baseline file anew from what is open now. */
export async function baseline(
  ctx: Context,
  action: BaselineAction,
  path: string | undefined,
  flags: BaselineFlags,
): Promise<ExitCode> {
  const { io } = ctx;
  const root = await folderAt(io.cwd, path);
  return withSession(ctx, { root, cache: flags.cache, allFiles: false }, async session => {
    const config = await rootConfig(root, session.rules());
    const known = await loadBaseline({ root, cwd: io.cwd, config }, flags.baseline, action !== 'create');
    refuse(action, known, flags.force === true);

    const { findings, problems } = await scanWithProgress(ctx, session);
    const code = exitCode([], problems, 'never');
    const reasons = problems.filter(({ incomplete, code: kind }) => incomplete || kind === 'invalid-config');
    if (code !== EXIT.clean && action !== 'create') {
      // Entries of what could not be read would be lost.
      throw new CliError(`The baseline was left alone: ${reasons.map(problemText).join(' ')}`, code);
    }
    const edit: BaselineEdit =
      action === 'create'
        ? createBaseline(findings)
        : (action === 'update' ? updateBaseline : pruneBaseline)(known.entries, findings);
    await writeWhole(known.path, writeBaseline(edit.entries));
    const { added, removed, entries } = edit;
    for (const problem of reasons) io.stderr.write(`Incomplete: ${problemText(problem)}\n`);
    io.stderr.write(
      `${known.path}: ${count(entries.length, 'finding')} accepted, ${added} added, ${removed} dropped.\n`,
    );
    return code;
  });
}

function refuse(action: BaselineAction, known: LoadedBaseline, force: boolean): void {
  if (action === 'create' && known.exists && !force) {
    throw new CliError(`${known.path} exists already; use "underpin baseline update", or create with --force.`);
  }
  if (action !== 'create' && !known.exists) {
    throw new CliError(`${known.path} does not exist; use "underpin baseline create".`);
  }
  if (action === 'prune' && known.problems.length > 0) {
    throw new CliError(known.problems.map(({ message }) => message).join('\n'));
  }
}
