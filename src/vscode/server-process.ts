import { spawn } from 'node:child_process';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { LIVING_HEAP } from '../common/heap.ts';

export interface ServerProcess {
  readonly connection: MessageConnection;
  readonly pid: number | undefined;
  /** Settles when the process is gone, with a word on how it went. */
  readonly exited: Promise<string>;
  /** Ends the process; one that does not go by itself is killed. */
  stop(): Promise<void>;
}

/** Milliseconds a server gets to answer `shutdown`. */
const GRACE = 2000;

/** Starts the language server on the Node that runs the extension host, so nothing has to be installed or found. */
export function startServerProcess(
  module: string,
  maximumMemoryMb: number,
  log: (line: string) => void,
): ServerProcess {
  const child = spawn(
    process.execPath,
    [...LIVING_HEAP, `--max-old-space-size=${maximumMemoryMb}`, module, '--stdio'],
    {
      // In a desktop VS Code the executable is Electron; the variable makes it behave as Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  child.stderr.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
  // A pipe that breaks because the process died is told by its exit.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(([error]) => log(error.message));
  void exited.then(() => connection.dispose());

  return {
    connection,
    pid: child.pid,
    exited,
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
      try {
        await Promise.race([connection.sendRequest('shutdown'), exited]);
        await connection.sendNotification('exit');
      } catch {
        child.kill();
      }
      await exited;
      clearTimeout(timer);
    },
  };
}
