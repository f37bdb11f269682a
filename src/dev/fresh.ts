import fs from 'node:fs';
import path from 'node:path';
import { buildAll } from './build.ts';
import { packageExtension } from './package.ts';
import { dist, out, root, vsix } from './paths.ts';

const SOURCES = ['src', 'knowledge', 'schemas', 'package.json', 'package-lock.json'];
const SHIPPED = ['dist', 'media', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'];
const LOCK_TIMEOUT_MS = 120_000;

/** Builds unless `dist` is newer than every source. */
export async function ensureBuilt(): Promise<void> {
  await locked(async () => {
    if (isOlder(path.join(dist, 'meta.json'), SOURCES)) await buildAll();
  });
}

/** Builds and packages unless the .vsix is newer than everything in it. */
export async function ensurePackaged(): Promise<string> {
  await ensureBuilt();
  await locked(async () => {
    if (isOlder(vsix, [...SOURCES, ...SHIPPED])) await packageExtension();
  });
  return vsix;
}

function isOlder(output: string, inputs: readonly string[]): boolean {
  if (!fs.existsSync(output)) return true;
  const age = fs.statSync(output).mtimeMs;
  return inputs.some(input => newest(path.join(root, input)) > age);
}

/** The latest change in a file or folder, in ms; a removed file shows as a change of its folder. */
function newest(file: string): number {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = fs.readdirSync(file).map(name => newest(path.join(file, name)));
  return Math.max(stat.mtimeMs, ...inside);
}

/** Test files run side by side and each may be the first that needs the build. */
async function locked(work: () => Promise<void>): Promise<void> {
  const lock = path.join(out, '.build-lock');
  fs.mkdirSync(out, { recursive: true });
  for (;;) {
    try {
      fs.mkdirSync(lock);
      break;
    } catch {
      const held = fs.statSync(lock, { throwIfNoEntry: false });
      if (held && Date.now() - held.mtimeMs > LOCK_TIMEOUT_MS) fs.rmSync(lock, { recursive: true, force: true });
      else await new Promise(resolve => setTimeout(resolve, 200));
    }
  }
  try {
    await work();
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}
