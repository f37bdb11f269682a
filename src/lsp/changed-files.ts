import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Settings of the repository itself could name programs to run; a scan runs none.
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * Files below `root` that differ from the point where this branch left `ref`, with those git does not track yet, as paths
 * relative to `root`. Without a ref: from the default branch of `origin`, else from the last commit. Undefined if git cannot tell.
 */
export async function changedFiles(root: string, ref: string): Promise<ReadonlySet<string> | undefined> {
  const git = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
    return (await run('git', [...SAFE, ...args], { cwd: root, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  };
  const base = async (of: string): Promise<string> => (await git('merge-base', 'HEAD', of)).trim();
  try {
    if (ref.startsWith('-')) return undefined;
    const from = ref ? await base(ref) : await base('origin/HEAD').catch(() => 'HEAD');
    const lists = await Promise.all([
      git('diff', '--name-only', '--no-ext-diff', '--no-renames', '--relative', '-z', from, '--'),
      git('ls-files', '--others', '--exclude-standard', '-z'),
    ]);
    return new Set(lists.flatMap(list => list.split('\0').filter(Boolean)));
  } catch {
    return undefined;
  }
}
