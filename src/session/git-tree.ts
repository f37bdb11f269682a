import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCandidate } from './discover.ts';
import { git, SAFE } from './git.ts';

/** Larger files are never read, in bytes. */
const LARGEST = 1_500_000;

/** Writes the files of a commit below `root` that a session would look at to `target`, as git stores them. */
export async function writeTree(root: string, commit: string, target: string): Promise<void> {
  const blobs = (await git(root, 'ls-tree', '-r', '-z', '-l', commit)).split('\0').flatMap(toBlob);
  const texts = await contents(
    root,
    blobs.map(({ id }) => id),
  );
  for (const { id, file } of blobs) {
    const path = join(target, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, texts.get(id) ?? '');
  }
}

interface Blob {
  readonly id: string;
  readonly file: string;
}

/** `<mode> blob <id> <size>\t<path>`; links and submodules are left out. */
function toBlob(line: string): Blob[] {
  const [, id, size, file] = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
  if (!id || !file || Number(size) > LARGEST || file.split('/').includes('..')) return [];
  return isCandidate(file) || /(?:^|\/)\.gitignore$/.test(file) ? [{ id, file }] : [];
}

/** Raw contents by object id: one process for all of them, and no filter of the repository runs. */
async function contents(root: string, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const child = spawn('git', [...SAFE, '-C', root, 'cat-file', '--batch'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((done, fail) => {
    child.on('error', fail);
    child.on('close', code => (code === 0 ? done() : fail(new Error(`git cat-file ended with ${code}`))));
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(ids.map(id => `${id}\n`).join(''));
  await ended;
  return split(Buffer.concat(chunks));
}

/** `<id> blob <size>\n<content>\n`, one after the other. */
function split(all: Buffer): Map<string, Buffer> {
  const out = new Map<string, Buffer>();
  for (let at = 0; at < all.length; ) {
    const eol = all.indexOf(10, at);
    const [id = '', kind, size] = all.subarray(at, eol).toString('latin1').split(' ');
    const start = eol + 1;
    const end = kind === 'blob' ? start + Number(size) : eol;
    if (kind === 'blob') out.set(id, all.subarray(start, end));
    at = end + 1;
  }
  return out;
}
