import * as vscode from 'vscode';
import type { Client } from './client.ts';
import type { Documents } from './documents.ts';
import type { Secrets } from './secrets.ts';

/** What commands, providers and views share; wired once in extension.ts. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly client: Client;
  readonly log: vscode.LogOutputChannel;
  readonly documents: Documents;
  readonly secrets: Secrets;
}

/** Runs what a user or VS Code asked for: logs and times it, tells a failure once, and honours cancellation. */
export async function run<Result>(
  { log }: Pick<Services, 'log'>,
  name: string,
  work: () => Promise<Result>,
  tell = true,
): Promise<Result | undefined> {
  const start = performance.now();
  try {
    const result = await work();
    log.debug(`${name}: ${Math.round(performance.now() - start)} ms`);
    return result;
  } catch (error) {
    if (isCancellation(error)) return undefined;
    const message = error instanceof Error ? error.message : String(error);
    log.error(`${name}: ${message}`);
    if (tell) {
      const choice = await vscode.window.showErrorMessage(`Underpin: ${message}`, 'Show Log');
      if (choice) log.show();
    }
    return undefined;
  }
}

function isCancellation(error: unknown): boolean {
  if (error instanceof vscode.CancellationError) return true;
  // LSP error codes of a request that was cancelled by either side.
  return error instanceof Error && 'code' in error && (error.code === -32800 || error.code === -32802);
}
