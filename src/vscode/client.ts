import path from 'node:path';
import * as vscode from 'vscode';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { ClientRequests, Notifications, ServerRequests } from '../lsp/protocol.ts';
import { initializeParams } from './capabilities.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** How often a crashed server is started again before the user is asked. */
const RESTARTS = 3;
/** Milliseconds after which a crash no longer counts. */
const CRASH_MEMORY = 10 * 60_000;

export type ServerState = 'off' | 'starting' | 'running' | 'failed';

/** The language server's seat in the extension host: starts it on first use and brings it back after a crash. */
export interface Client extends vscode.Disposable {
  readonly state: ServerState;
  readonly pid: number | undefined;
  readonly onDidChangeState: vscode.Event<ServerState>;
  /** After each start, also one that follows a crash: the server knows nothing yet. */
  onStart(listener: (connection: MessageConnection) => void): void;
  /** A request that was under way when the server crashed is sent once more to the next one. */
  request<Method extends keyof ServerRequests>(
    method: Method,
    params: ServerRequests[Method]['params'],
    token?: vscode.CancellationToken,
  ): Promise<ServerRequests[Method]['result']>;
  lsp<Result>(method: string, params: object, token?: vscode.CancellationToken): Promise<Result>;
  /** Dropped if no server runs: a starting one is told everything anyway. */
  notify(method: string, params: object): void;
  onNotification<Method extends keyof Notifications>(
    method: Method,
    listener: (params: Notifications[Method]) => void,
  ): void;
  onRequest<Method extends keyof ClientRequests>(
    method: Method,
    handler: (
      params: ClientRequests[Method]['params'],
      token: vscode.CancellationToken,
    ) => Promise<ClientRequests[Method]['result']>,
  ): void;
  start(): Promise<void>;
  restart(): Promise<void>;
}

export function createClient(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Client {
  const stateEmitter = new vscode.EventEmitter<ServerState>();
  const startListeners: ((connection: MessageConnection) => void)[] = [];
  const notified = new Map<string, ((params: never) => void)[]>();
  const crashes: number[] = [];
  let state: ServerState = 'off';
  let server: ServerProcess | undefined;
  let ready: Promise<MessageConnection> | undefined;
  let disposed = false;

  function enter(next: ServerState): void {
    state = next;
    stateEmitter.fire(next);
  }

  async function launch(): Promise<MessageConnection> {
    enter('starting');
    const memory = vscode.workspace.getConfiguration('underpin').get('server.maximumMemory', 1536);
    const started = startServerProcess(path.join(context.extensionPath, 'dist/server.js'), memory, line =>
      log.info(line),
    );
    server = started;
    void started.exited.then(why => {
      if (server === started) crashed(why);
    });
    const { connection } = started;
    // Before `listen`, so that no early request of the server goes unanswered.
    for (const listener of startListeners) listener(connection);
    connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      if (type === 1) log.error(message);
      else if (type === 2) log.warn(message);
      else log.info(message);
    });
    connection.listen();
    await connection.sendRequest('initialize', initializeParams(context.globalStorageUri.fsPath));
    await connection.sendNotification('initialized', {});
    log.info(`Server started (process ${started.pid}).`);
    enter('running');
    return connection;
  }

  function connected(): Promise<MessageConnection> {
    if (disposed) return Promise.reject(new Error('Underpin is closing.'));
    // In a later turn: listeners of the state ask for the connection themselves.
    ready ??= Promise.resolve().then(launch);
    return ready;
  }

  function crashed(why: string): void {
    server = undefined;
    ready = undefined;
    if (disposed) return;
    const now = Date.now();
    crashes.push(now);
    while (crashes[0] !== undefined && crashes[0] < now - CRASH_MEMORY) crashes.shift();
    log.error(`Server ended unexpectedly (${why}).`);
    if (crashes.length <= RESTARTS) {
      connected().catch(error => log.error(String(error)));
      return;
    }
    enter('failed');
    void tellFailure();
  }

  async function tellFailure(): Promise<void> {
    const again = 'Restart Server';
    const text = `Underpin's server stopped ${crashes.length} times and stays off. Your files and settings are untouched.`;
    const choice = await vscode.window.showErrorMessage(text, again, 'Show Log');
    if (choice === again) await client.restart();
    else if (choice) log.show();
  }

  async function send<Result>(method: string, params: object, token?: vscode.CancellationToken): Promise<Result> {
    for (let retries = 1; ; retries--) {
      if (state === 'failed') throw new Error('The Underpin server is off. Run “Underpin: Restart Server”.');
      const connection = await connected();
      try {
        // An undefined token would count as a second parameter.
        return await (token
          ? connection.sendRequest<Result>(method, params, token)
          : connection.sendRequest<Result>(method, params));
      } catch (error) {
        // An answer of the server is final; everything else means that the connection broke.
        if (error instanceof ResponseError && error.code !== -32097 && error.code !== -32099) throw error;
        if (retries === 0 || disposed) throw error;
      }
    }
  }

  const client: Client = {
    get state() {
      return state;
    },
    get pid() {
      return server?.pid;
    },
    onDidChangeState: stateEmitter.event,
    onStart: listener => void startListeners.push(listener),
    request: send,
    lsp: send,

    notify(method, params) {
      if (state !== 'running') return;
      server?.connection.sendNotification(method, params).catch(() => undefined);
    },

    onNotification(method, listener) {
      // A connection has room for one listener a method; several views wait for the same news.
      const known = notified.get(method);
      if (known) return void known.push(listener);
      const listeners: ((params: never) => void)[] = [listener];
      notified.set(method, listeners);
      startListeners.push(connection =>
        connection.onNotification(method, (params: Notifications[typeof method]) => {
          for (const each of listeners) each(params as never);
        }),
      );
    },

    onRequest(method, handler) {
      startListeners.push(connection =>
        connection.onRequest<unknown, void>(method, (params: never, token: vscode.CancellationToken) =>
          handler(params, token),
        ),
      );
    },

    async start() {
      await connected();
    },

    async restart() {
      const old = server;
      server = undefined;
      ready = undefined;
      crashes.length = 0;
      await old?.stop();
      await connected();
    },

    dispose() {
      disposed = true;
      void server?.stop();
      server = undefined;
      stateEmitter.dispose();
    },
  };
  return client;
}
