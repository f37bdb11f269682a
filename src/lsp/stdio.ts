import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { type ServerOptions, startServer } from './server.ts';

/** Serves the LSP over this process's stdin and stdout and ends when the client goes away. */
export function serveStdio(options: Omit<ServerOptions, 'connection'>): void {
  startServer({ ...options, connection: createConnection(ProposedFeatures.all, process.stdin, process.stdout) });
}
