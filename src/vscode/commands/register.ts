import * as vscode from 'vscode';
import { run, type Services } from '../services.ts';

/** What a command may be given: by a code action, a tree item, a lens or a test. */
export type Argument = Readonly<Record<string, unknown>> | undefined;

export type Commands = Readonly<Record<string, (argument: Argument) => Promise<unknown>>>;

/** Registers commands under `underpin.`; failures are told once, by the one wrapper. */
export function register(services: Services, commands: Commands): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, work]) =>
      vscode.commands.registerCommand(`underpin.${name}`, (argument?: Argument) =>
        run(services, name, () => work(argument)),
      ),
    ),
  );
}
