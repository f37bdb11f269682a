// Runs one script of this folder: `node src/dev/run.mjs <script> [arguments]`.
// Plain JavaScript without dependencies, because it works in a fresh clone on Node 20. It installs what is missing and
// then hands over to a Node that runs TypeScript sources.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs the sources as they are, and is the version VS Code's extension host has. */
const WANTED_NODE = 24;
/** Need the VS Code build of test-host, not only its Node. */
const SCRIPTS_WITH_HOST = ['start', 'test'];

const root = fileURLToPath(new URL('../..', import.meta.url));
const hostFolder = path.join(root, 'test-host');
const hostNode = path.join(hostFolder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);

const [script, ...args] = process.argv.slice(2);
const file = path.join(root, 'src/dev', `${script}.ts`);
if (!script || !fs.existsSync(file)) fail(`There is no script ${script} in src/dev.`);

const linux = process.platform === 'linux';
const ownNodeWorks = Number.parseInt(process.versions.node, 10) >= WANTED_NODE;
install(root);
if (linux && (SCRIPTS_WITH_HOST.includes(script) || !ownNodeWorks)) install(hostFolder);
run(chooseNode());

/** Compares npm's record of what is installed with the lockfile, so an up-to-date folder costs no npm call. */
function install(folder) {
  if (isInstalled(folder)) return;
  const name = path.relative(root, folder) || 'package';
  console.error(`Installing the ${name}'s dependencies …`);
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      // npm's report belongs to stderr: stdout may be the output of `npm run --silent scan`.
      stdio: ['ignore', 2, 2],
      env: withoutNpm(process.env),
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) fail(`npm ci failed in ${folder}${error ? `: ${error.message}` : '.'}`);
}

function isInstalled(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const present = packagesOf(path.join(folder, 'node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([key, { version, optional }]) => {
    if (!key.startsWith('node_modules/')) return true;
    // Optional packages may be missing: most are meant for another platform.
    return present[key] ? present[key].version === version : optional;
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(fs.readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** An outer `npm run` would otherwise tell the nested npm which package it works on. */
function withoutNpm(env) {
  const outer = /^npm_(config_(local_prefix|global_prefix|prefix)|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(env).filter(([key]) => !outer.test(key)));
}

function chooseNode() {
  if (fs.existsSync(hostNode)) return hostNode;
  if (ownNodeWorks) return process.execPath;
  return fail(
    `This needs Node ${WANTED_NODE} or newer on ${process.platform}-${process.arch}; this is ${process.version}.`,
  );
}

function run(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file, ...args], { cwd: root, stdio: 'inherit' });
  // Ctrl+C reaches the child by itself; this process only waits for it to tidy up.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm and its shell end without a word to their children when somebody ends npm alone.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
