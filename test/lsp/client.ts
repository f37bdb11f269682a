import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { ClientCapabilities, InitializeResult } from 'vscode-languageserver';
import { ensureBuilt } from '../../src/dev/fresh.ts';
import { dist, root as repository } from '../../src/dev/paths.ts';

const SERVER = path.join(repository, 'src/server.ts');
const BUILT_SERVER = path.join(dist, 'server.js');

/** A plain LSP client over real stdio, for one temporary workspace. */
export interface Client {
  readonly connection: MessageConnection;
  readonly root: string;
  readonly initialized: InitializeResult;
  uri(file: string): string;
  open(file: string, text?: string): Promise<string>;
  change(file: string, version: number, text: string): Promise<void>;
  request<Result>(method: string, params: object): Promise<Result>;
  /** Notifications of the method so far, oldest first. */
  seen<Params>(method: string): readonly Params[];
  until<Result>(check: () => Promise<Result | undefined | false> | Result | undefined | false): Promise<Result>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ClientOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  readonly settings?: object;
  readonly initializationOptions?: object;
  /** Folders below the workspace that are opened; the workspace itself by default. */
  readonly folders?: readonly string[];
  /** Starts the built server, which has the knowledge base. */
  readonly built?: boolean;
  /** Answers to requests of the server. */
  readonly answers?: Readonly<Record<string, (params: never) => unknown>>;
}

export const PULL: ClientCapabilities = {
  textDocument: { diagnostic: {} },
  workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
};

export async function startClient(options: ClientOptions): Promise<Client> {
  if (options.built) await ensureBuilt();
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'underpin-lsp-')));
  for (const [file, text] of Object.entries(options.files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  const child = spawn(process.execPath, [options.built ? BUILT_SERVER : SERVER, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const notifications = new Map<string, unknown[]>();
  connection.onNotification((method, params) => {
    notifications.set(method, [...(notifications.get(method) ?? []), params]);
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
    items.map(() => options.settings ?? {}),
  );
  connection.onRequest((method, params) => {
    const answer = options.answers?.[method];
    return answer ? answer(params as never) : null;
  });
  connection.listen();

  const uri = (file: string): string => pathToFileURL(path.join(root, file)).href;
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? PULL,
    workspaceFolders: (options.folders ?? ['']).map(folder => ({
      uri: uri(folder).replace(/\/$/, ''),
      name: folder || 'root',
    })),
    ...(options.initializationOptions ? { initializationOptions: options.initializationOptions } : {}),
  });
  await connection.sendNotification('initialized', {});

  return {
    connection,
    root,
    initialized,
    uri,
    async open(file, text = fs.readFileSync(path.join(root, file), 'utf8')) {
      const textDocument = { uri: uri(file), languageId: 'typescript', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
      return uri(file);
    },
    async change(file, version, text) {
      const textDocument = { uri: uri(file), version };
      await connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    },
    request: (method, params) => connection.sendRequest(method, params),
    seen: <Params>(method: string) => (notifications.get(method) ?? []) as Params[],
    async until(check) {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const result = await check();
        if (result) return result;
        if (Date.now() > deadline) throw new Error('The awaited state did not come within 20 s.');
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
    async [Symbol.asyncDispose]() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      await exited;
      connection.dispose();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
