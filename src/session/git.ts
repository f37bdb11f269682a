import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Settings of the repository itself could name programs to run; asking for names runs none of them.
export const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
const MOST_OUTPUT = 64 * 1024 * 1024;

export interface Refusal {
  readonly ok: false;
  /** One sentence about why git cannot tell. */
  readonly reason: string;
}

export type ChangedFiles = { readonly ok: true; readonly files: ReadonlySet<string> } | Refusal;

/**
 * Files below `root` that differ from the point where this branch left `ref`, with those git does not track yet, as
 * POSIX paths relative to `root`; or one sentence about why git cannot tell.
 */
export async function filesChangedSince(root: string, ref: string): Promise<ChangedFiles> {
  const base = await forkPoint(root, ref);
  if (!base.ok) return base;
  try {
    const lists = await Promise.all([
      git(root, 'diff', '--name-only', '--no-ext-diff', '--no-renames', '--relative', '-z', base.commit, '--'),
      git(root, 'ls-files', '--others', '--exclude-standard', '-z'),
    ]);
    return { ok: true, files: new Set(lists.flatMap(list => list.split('\0')).filter(file => file !== '')) };
  } catch {
    return refuse(`git cannot compare ${root} with "${ref}".`);
  }
}

/** The commit at which the current branch left `ref`. */
export async function forkPoint(
  root: string,
  ref: string,
): Promise<{ readonly ok: true; readonly commit: string } | Refusal> {
  if (ref.startsWith('-') || ref.trim() === '') return refuse(`"${ref}" is not a git revision.`);
  try {
    await git(root, 'rev-parse', '--git-dir');
  } catch (error) {
    return refuse(isMissing(error) ? 'git is not installed.' : `${root} is not in a git repository.`);
  }
  try {
    await git(root, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  } catch {
    return refuse(`git does not know the revision "${ref}"${await shallowHint(root)}.`);
  }
  try {
    return { ok: true, commit: (await git(root, 'merge-base', ref, 'HEAD')).trim() };
  } catch {
    return refuse(`git finds no commit that "${ref}" and the current branch share${await shallowHint(root)}.`);
  }
}

/** Runs git without letting settings of the repository start anything. */
export async function git(root: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  const { stdout } = await run('git', [...SAFE, '-C', root, ...args], {
    env,
    maxBuffer: MOST_OUTPUT,
    windowsHide: true,
  });
  return stdout;
}

async function shallowHint(root: string): Promise<string> {
  const answer = await git(root, 'rev-parse', '--is-shallow-repository').catch(() => '');
  return answer.trim() === 'true'
    ? '; this is a shallow clone, fetch more history (fetch-depth: 0 in GitHub Actions)'
    : '';
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function refuse(reason: string): Refusal {
  return { ok: false, reason };
}
