import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { FindingsTree } from '../views/findings-tree.ts';
import type { RoutesTree } from '../views/routes-tree.ts';
import { type Commands, register } from './register.ts';

const ON_FINDINGS = { location: { viewId: 'underpin.findings' } };

/** Scans, and ways to the views. */
export function registerScanCommands(
  services: Services,
  { findings, routes }: { findings: FindingsTree; routes: RoutesTree },
): vscode.Disposable {
  const { client, log } = services;

  async function scan(): Promise<void> {
    const summary = await vscode.window.withProgress(ON_FINDINGS, () =>
      client.request('underpin/scan', { fresh: true }),
    );
    for (const { code, message, file } of summary.problems) log.warn(`${code}: ${message}${file ? ` (${file})` : ''}`);
    await findings.refresh();
    const incomplete = summary.problems.filter(problem => problem.incomplete).length;
    const note = incomplete > 0 ? `; ${plural(incomplete, 'problem')}, see the log` : '';
    void vscode.window.setStatusBarMessage(`Underpin: ${plural(summary.findings, 'finding')}${note}`, 5000);
  }

  const commands: Commands = {
    async scanWorkspace() {
      findings.setScope('all');
      await vscode.commands.executeCommand('underpin.findings.focus');
      await scan();
    },
    async scanChangedFiles() {
      findings.setScope('changed');
      await vscode.commands.executeCommand('underpin.findings.focus');
      await scan();
    },
    showTrends: async () => vscode.commands.executeCommand('underpin.trends.focus'),
    async showRoutes(argument) {
      await vscode.commands.executeCommand('underpin.routes.focus');
      if (typeof argument?.['route'] === 'string') await routes.reveal(argument['route']);
    },
    groupFindings: () => findings.chooseGrouping(),
    filterFindings: () => findings.chooseFilter(),
  };
  return register(services, commands);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
