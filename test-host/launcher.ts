import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import {
  exitOnSignals,
  linkExtension,
  makeFolders,
  prepareHost,
  removeFolder,
  runHostCommand,
  startServer,
  workbenchUrl,
} from './host.ts';
import { workbenchRoot } from './paths.ts';

const START_TIMEOUT_MS = 40_000;
/** Exit codes of the host itself; those below 100 are the tests' own. */
const EXIT = {
  crashed: 101,
  serverGone: 102,
  timeout: 103,
  hostDied: 104,
  broken: 105,
  browserGone: 106,
  neverUp: 107,
};
const WORKBENCH_NOISE =
  /^(\[(AgentHost|AccountPolicyGate|lifecycle|Service Worker|reconnection-grace-time|ChatModelSelection)|Creating a socket|Resolv|Ignoring fetching|Updating additional builtin|Timed out waiting for authentication provider|Unable to read file 'vscode-remote:.*Canceled)/;

const { values: flags, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  // VS Code's executable takes many more flags than matter here.
  strict: false,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
    'folder-uri': { type: 'string' },
    'install-extension': { type: 'string', multiple: true },
    'list-extensions': { type: 'boolean' },
    'enable-proposed-api': { type: 'string', multiple: true },
    version: { type: 'boolean', short: 'v' },
  },
});

prepareHost();
const folders = makeFolders({
  settings: JSON.parse(process.env['UNDERPIN_HOST_SETTINGS'] ?? '{}'),
  user: local(text(flags['user-data-dir'])),
  extensions: local(text(flags['extensions-dir'])),
});
exitOnSignals();
process.once('exit', () => removeFolder(folders.root));
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(EXIT.broken), 1000).unref();
process.exitCode = await main().catch(error => {
  console.error('[host]', error instanceof Error ? error.stack : error);
  return EXIT.broken;
});

async function main(): Promise<number> {
  if (flags.version) {
    console.log(JSON.parse(fs.readFileSync(path.join(workbenchRoot, 'package.json'), 'utf8')).version);
    return 0;
  }
  const commands = [
    ...texts(flags['install-extension']).flatMap(file => ['--install-extension', path.resolve(file)]),
    ...(flags['list-extensions'] ? ['--list-extensions', '--show-versions'] : []),
  ];
  if (commands.length > 0) {
    const { code, output } = await runHostCommand(folders, commands);
    process.stdout.write(output);
    return code;
  }
  const first = await runTests();
  if (first.started || first.code < 100) return first.code;
  console.error('[host] the workbench did not start; one more try');
  return (await runTests()).code;
}

async function runTests(): Promise<{ readonly code: number; readonly started: boolean }> {
  const limit = Number(process.env['UNDERPIN_HOST_TIMEOUT'] ?? 120_000);
  let finish: (code: number, why: string) => void = () => undefined;
  const finished = new Promise<{ code: number; why: string }>(resolve => {
    finish = (code, why) => resolve({ code, why });
  });
  const developed = texts(flags['extensionDevelopmentPath']).map(file => local(file));
  // The page takes one development path only; further extensions are linked in as installed ones.
  for (const extension of developed.slice(1)) linkExtension(folders, extension);

  let started = false;
  const server = await startServer(folders, {
    testDriver: true,
    args: texts(flags['enable-proposed-api']).flatMap(id => ['--enable-proposed-api', id]),
    onLine: line => {
      started ||= line.includes('Launched Extension Host Process');
      const death = /Extension Host Process exited with code: (\S+), signal: (\S+?)\.?$/.exec(line);
      if (!death || (death[1] === '0' && death[2] === 'null')) return;
      finish(EXIT.hostDied, `the extension host died (code ${death[1]}, signal ${death[2]})`);
    },
  });
  const timers = [
    setTimeout(() => finish(EXIT.timeout, `no result within ${limit} ms`), limit),
    setTimeout(() => started || finish(EXIT.neverUp, 'the extension host was not started'), START_TIMEOUT_MS),
  ];
  let browser: Browser | undefined;
  try {
    server.onExit(why => finish(EXIT.serverGone, why));
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('crash', () => finish(EXIT.crashed, 'the page crashed'));
    browser.on('disconnected', () => finish(EXIT.browserGone, 'the browser ended'));
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const line = format(...args);
      if (process.env['UNDERPIN_HOST_VERBOSE'] || !WORKBENCH_NOISE.test(line)) console.log(line);
    });
    await page.exposeFunction('codeAutomationExit', (code: number) => finish(code, 'the tests finished'));
    const target = local(text(flags['folder-uri']) ?? positionals[0]);
    const url = workbenchUrl(server, {
      ...(target && (target.endsWith('.code-workspace') ? { workspace: target } : { folder: target })),
      ...(developed[0] && { extension: developed[0] }),
      ...(flags.extensionTestsPath && { tests: local(String(flags.extensionTestsPath)) }),
    });
    await page.goto(url).catch((error: Error) => finish(EXIT.browserGone, `the page did not load: ${error.message}`));
    const { code, why } = await finished;
    if (code !== 0) {
      console.error(`[host] exit ${code}: ${why}`);
      const shots = process.env['UNDERPIN_HOST_SHOTS'];
      if (shots) await page.screenshot({ path: path.join(shots, 'host-failure.png') }).catch(() => undefined);
    }
    return { code, started };
  } finally {
    timers.forEach(clearTimeout);
    await browser?.close().catch(() => undefined);
    await server.stop();
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : [];
}

function local(file: string): string;
function local(file: string | undefined): string | undefined;
function local(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return file.startsWith('file://') ? fileURLToPath(file) : path.resolve(file);
}
