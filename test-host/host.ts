import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { modules, serverMain, serverNode, workbenchRoot } from './paths.ts';
import { builtins, quietSettings } from './settings.ts';

const LISTEN_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;

/** The folders one host keeps to itself; all lie under `root` unless given. */
export interface HostFolders {
  readonly root: string;
  readonly user: string;
  readonly extensions: string;
  readonly server: string;
  readonly builtin: string;
}

export interface Server {
  /** `127.0.0.1:<port>` */
  readonly authority: string;
  onExit(listener: (why: string) => void): void;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  /** Lets the page run extension tests; it also keeps notifications from showing. */
  readonly testDriver?: boolean;
  /** Asks whose code it is, as an installed VS Code does; until somebody answers the folder is restricted. */
  readonly trust?: boolean;
  readonly onLine?: (line: string) => void;
}

/** The workbench looks for its packages beside its own `out` folder; they are installed two levels up. */
export function prepareHost(): void {
  const link = path.join(workbenchRoot, 'node_modules');
  if (fs.existsSync(link)) return;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(workbenchRoot, modules), link, 'dir');
}

export function makeFolders(options: {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly user?: string | undefined;
  readonly extensions?: string | undefined;
}): HostFolders {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'underpin-host-'));
  const folders = {
    root,
    user: options.user ?? path.join(root, 'user'),
    extensions: options.extensions ?? path.join(root, 'extensions'),
    server: path.join(root, 'server'),
    builtin: path.join(root, 'builtin'),
  };
  for (const folder of [path.join(folders.user, 'User'), folders.extensions, folders.server, path.join(root, 'run')]) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const settings = path.join(folders.user, 'User/settings.json');
  if (!fs.existsSync(settings)) {
    fs.writeFileSync(settings, JSON.stringify({ ...quietSettings, ...options.settings }, null, 2));
  }
  fs.mkdirSync(folders.builtin);
  for (const name of builtins) {
    const source = path.join(workbenchRoot, 'extensions', name);
    if (fs.existsSync(source)) fs.symlinkSync(source, path.join(folders.builtin, name), 'dir');
  }
  return folders;
}

/** A folder named publisher.name-version in a fresh extensions folder counts as installed. */
export function linkExtension(folders: HostFolders, extension: string): void {
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8'));
  const target = path.join(folders.extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  if (!fs.existsSync(target)) fs.symlinkSync(extension, target, 'dir');
}

/** Makes `exit` listeners run on a signal too: no signal from a terminal reaches the process group of a server. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
}

/** Removes temporary folders, in which a process that is just ending may still write. */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** One call of the server's own command line, such as `--install-extension`. */
export function runHostCommand(
  folders: HostFolders,
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(serverNode, [serverMain, ...folderArgs(folders), '--accept-server-license-terms', ...args], {
      env: hostEnv(folders),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', reject).on('close', code => resolve({ code: code ?? 1, output }));
  });
}

export async function installVsix(folders: HostFolders, vsix: string): Promise<void> {
  const { code, output } = await runHostCommand(folders, ['--install-extension', vsix]);
  if (code !== 0) throw new Error(`The packaged extension could not be installed:\n${output}`);
}

export async function startServer(folders: HostFolders, options: ServerOptions = {}): Promise<Server> {
  const port = await freePort();
  const args = [
    ...[serverMain, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
    ...['--accept-server-license-terms', ...folderArgs(folders), '--telemetry-level', 'off'],
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    '--disable-getting-started-override',
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.args ?? []),
  ];
  // A process group of its own, so that the extension host and the language server end with it.
  const child = spawn(serverNode, args, {
    env: hostEnv(folders, options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const abandon = () => killGroup(child, 'SIGKILL');
  process.once('exit', abandon);
  const exited = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`server exited (${code ?? signal})`));
  });
  const log = path.join(folders.root, 'server.log');
  readLines(child, log, options.onLine);
  let down: string | undefined;
  let stopping = false;
  void exited.then(why => {
    down = why;
  });

  for (const end = Date.now() + LISTEN_TIMEOUT_MS; !(await accepts(port)); await sleep(50)) {
    if (!down && Date.now() < end) continue;
    killGroup(child, 'SIGKILL');
    throw new Error(`${down ?? 'server did not listen in time'}\n${fs.readFileSync(log, 'utf8').slice(-2000)}`);
  }
  return {
    authority: `127.0.0.1:${port}`,
    onExit: listener => void exited.then(why => stopping || listener(why)),
    async stop() {
      stopping = true;
      killGroup(child, 'SIGTERM');
      const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
      killGroup(child, 'SIGKILL');
      process.off('exit', abandon);
    },
  };
}

export function workbenchUrl(
  server: Server,
  open: { readonly folder?: string; readonly workspace?: string; readonly extension?: string; readonly tests?: string },
): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const query = new URLSearchParams();
  if (open.workspace) query.set('workspace', open.workspace);
  else if (open.folder) query.set('folder', open.folder);
  else query.set('ew', 'true');
  const payload: [string, string][] = [];
  if (open.extension) payload.push(['extensionDevelopmentPath', remote(open.extension)]);
  if (open.tests) payload.push(['extensionTestsPath', remote(open.tests)]);
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://${server.authority}/?${query}`;
}

function folderArgs({ user, extensions, server, builtin }: HostFolders): string[] {
  return [
    ...['--user-data-dir', user, '--extensions-dir', extensions],
    ...['--server-data-dir', server, '--builtin-extensions-dir', builtin],
  ];
}

/** No gallery, no inherited Node flags, and sockets in a folder that goes away with the host. */
function hostEnv(folders: HostFolders, env: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_OPTIONS: '',
    ELECTRON_RUN_AS_NODE: '',
    EXTENSIONS_GALLERY: '{}',
    XDG_RUNTIME_DIR: path.join(folders.root, 'run'),
    ...env,
  };
}

function readLines(child: ChildProcess, log: string, onLine: ((line: string) => void) | undefined): void {
  const file = fs.openSync(log, 'a');
  let rest = '';
  const read = (chunk: Buffer) => {
    fs.writeSync(file, chunk);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('close', () => fs.closeSync(file));
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address() as net.AddressInfo;
      probe.close(() => resolve(address.port));
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
