import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  installVsix,
  makeFolders,
  prepareHost,
  removeFolder,
  startServer,
  workbenchUrl,
} from '../../test-host/host.ts';
import { ensurePackaged } from './fresh.ts';
import { fromCaller, root } from './paths.ts';

const SAMPLE = path.join(root, 'test/projects/express-shop');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { desktop: { type: 'boolean' } } });

if (values.desktop) await openDesktop();
else await serve();

async function openDesktop(): Promise<void> {
  if (spawnCode(['--version'], 'ignore') !== 0) {
    fail(
      'There is no `code` command. In VS Code run "Shell Command: Install \'code\' command in PATH", then try again.',
    );
  }
  const chosen = chosenFolder();
  const folder = chosen === SAMPLE ? sampleCopy(path.join(root, 'out')) : chosen;
  const vsix = await ensurePackaged();
  if (spawnCode(['--install-extension', vsix, '--force'], 'inherit') !== 0) fail('VS Code refused the package.');
  process.exitCode = spawnCode([folder], 'inherit');
}

async function serve(): Promise<void> {
  if (process.platform !== 'linux') {
    fail('The VS Code that comes with this repository runs on Linux only. Use: npm start -- --desktop FOLDER');
  }
  const chosen = chosenFolder();
  const vsix = await ensurePackaged();
  prepareHost();
  const folders = makeFolders({});
  let stop: (why?: string) => void = () => undefined;
  const stopped = new Promise<string | undefined>(resolve => {
    stop = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop());
  try {
    const folder = chosen === SAMPLE ? sampleCopy(folders.root) : chosen;
    await installVsix(folders, vsix);
    const server = await startServer(folders);
    server.onExit(stop);
    console.log(`\nUnderpin in VS Code, with ${folder}:\n\n  ${workbenchUrl(server, { folder })}\n\nCtrl+C ends it.`);
    const why = await stopped;
    if (why) console.error(why);
    process.exitCode = why ? 1 : 0;
    await server.stop();
  } finally {
    removeFolder(folders.root);
  }
}

function chosenFolder(): string {
  const folder = positionals[0] ? fromCaller(positionals[0]) : SAMPLE;
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) fail(`There is no folder ${folder}.`);
  return folder;
}

/** A copy, so that fixes tried out on the sample leave the repository alone. */
function sampleCopy(parent: string): string {
  const copy = path.join(parent, path.basename(SAMPLE));
  fs.rmSync(copy, { recursive: true, force: true });
  fs.cpSync(SAMPLE, copy, { recursive: true });
  return copy;
}

function spawnCode(args: readonly string[], stdio: 'ignore' | 'inherit'): number {
  // On Windows `code` is a batch file, which only a shell starts; it also takes the quotes around paths.
  const shell = process.platform === 'win32';
  const quoted = shell ? args.map(arg => `"${arg}"`) : args;
  return spawnSync('code', quoted, { stdio, shell }).status ?? 1;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
